// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/cif.h"

#include <gemmi/cif.hpp>
#include <gemmi/symmetry.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <stdexcept>
#include <unordered_set>

namespace engine {

namespace {

namespace pegtl = tao::pegtl;
namespace strict = gemmi::cif::rules;

// gemmi's grammar is followed rule by rule, with two liberties: bytes above 127 may stand in unquoted values, and words after the
// name of a block are passed over. The opening of a text field is a rule of its own, so that a text field without end can be reported where it starts.
namespace rules {

struct wideCharacter {
    template <typename Input>
    static bool match(Input &in)
    {
        if (in.empty())
            return false;
        const auto c = static_cast<unsigned char>(in.peek_char());
        if (c <= ' ' || c == 0x7F)
            return false;
        in.bump_in_this_line(1);
        return true;
    }
};
struct singlequoted : strict::singlequoted {};
struct doublequoted : strict::doublequoted {};
struct fieldStart : strict::field_sep {};
struct fieldText : pegtl::until<strict::field_sep> {};
struct textfield : pegtl::if_must<fieldStart, fieldText> {};
struct unquoted
    : pegtl::seq<pegtl::not_at<strict::keyword>, pegtl::not_at<pegtl::one<'_', '$', '#'>>, pegtl::plus<wideCharacter>> {
};
struct value : pegtl::sor<singlequoted, doublequoted, textfield, unquoted> {};
struct valueEnd : strict::ws_or_eof {};

struct tag : pegtl::seq<pegtl::one<'_'>, pegtl::plus<wideCharacter>> {};
struct itemTag : tag {};
struct loopTag : tag {};
struct loopStart : strict::str_loop {};
struct loopTags : pegtl::plus<pegtl::seq<loopTag, strict::ws_or_eof>> {};
struct loop : pegtl::if_must<loopStart, strict::whitespace, loopTags, pegtl::star<pegtl::if_must<value, valueEnd>>,
                             pegtl::opt<strict::str_stop, strict::ws_or_eof>> {};
struct item : pegtl::if_must<itemTag, strict::ws_or_eof, pegtl::opt<pegtl::if_must<value, valueEnd>>> {};
struct frameName : pegtl::plus<wideCharacter> {};
struct frameEnd : strict::str_save {};
struct frame : pegtl::if_must<strict::str_save, frameName, strict::ws_or_eof, pegtl::star<pegtl::sor<item, loop>>,
                              frameEnd, strict::ws_or_eof> {};
struct blockName : pegtl::star<wideCharacter> {};
// Words behind the name, on its line, belong to no tag: "data_Li3N this is lithium nitride".
struct strayWords
    : pegtl::star<pegtl::plus<pegtl::one<' ', '\t'>>, pegtl::not_at<pegtl::sor<strict::keyword, pegtl::one<'_', '#'>>>,
                  pegtl::plus<wideCharacter>> {};
struct globalBlock : strict::str_global {};
struct blockStart : pegtl::sor<pegtl::seq<strict::str_data, blockName, strayWords>, globalBlock> {};
struct block : pegtl::if_must<blockStart, strict::ws_or_eof, pegtl::star<pegtl::sor<item, loop, frame>>> {};
struct blocks : pegtl::plus<block> {};
struct end : pegtl::eof {};
struct file : pegtl::seq<pegtl::opt<strict::whitespace>, pegtl::opt<pegtl::not_at<pegtl::eof>, pegtl::must<blocks>>,
                         pegtl::must<end>> {};

}

/// What the actions below write into.
struct Builder {
    CifDocument document;
    CifBlock frame; // save frames belong to dictionaries: their content is dropped
    bool inFrame = false;
    int fieldLine = 0;

    CifBlock &block() { return inFrame ? frame : document.blocks.back(); }
    void add(std::string text, std::size_t line, bool quoted)
    {
        block().loops.back().values.push_back({std::move(text), int(line), quoted});
    }
};

template <typename Rule>
struct Action : pegtl::nothing<Rule> {
};

template <>
struct Action<rules::blockName> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        builder.inFrame = false;
        builder.document.blocks.push_back({in.string(), int(in.iterator().line), {}});
    }
};
template <>
struct Action<rules::strayWords> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        if (in.size() > 0)
            builder.document.warnings.push_back(
                {"the name of a data block holds no blanks; the words behind it do not count",
                 int(in.iterator().line)});
    }
};
template <>
struct Action<rules::globalBlock> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        builder.inFrame = false;
        builder.document.blocks.push_back({"global_", int(in.iterator().line), {}});
    }
};
template <>
struct Action<rules::frameName> {
    template <typename Input>
    static void apply(const Input &, Builder &builder)
    {
        builder.frame = {};
        builder.inFrame = true;
    }
};
template <>
struct Action<rules::frameEnd> {
    template <typename Input>
    static void apply(const Input &, Builder &builder)
    {
        builder.inFrame = false;
    }
};

void addTag(CifLoop &loop, std::string tag)
{
    for (char &c : tag) {
        loop.dotted |= c == '.';
        c = c == '.' ? '_' : c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    }
    loop.tags.push_back(std::move(tag));
}

template <>
struct Action<rules::itemTag> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        auto &loops = builder.block().loops;
        loops.emplace_back().line = int(in.iterator().line);
        addTag(loops.back(), in.string());
    }
};
template <>
struct Action<rules::loopStart> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        builder.block().loops.emplace_back().line = int(in.iterator().line);
    }
};
template <>
struct Action<rules::loopTag> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        addTag(builder.block().loops.back(), in.string());
    }
};

template <>
struct Action<rules::unquoted> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        builder.add(in.string(), in.iterator().line, false);
    }
};
template <>
struct Action<rules::singlequoted> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        builder.add(std::string(in.begin() + 1, in.end() - 1), in.iterator().line, true);
    }
};
template <>
struct Action<rules::doublequoted> : Action<rules::singlequoted> {
};
template <>
struct Action<rules::fieldStart> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        builder.fieldLine = int(in.iterator().line);
    }
};
template <>
struct Action<rules::textfield> {
    template <typename Input>
    static void apply(const Input &in, Builder &builder)
    {
        // ";text\n;" holds "text"; ";\n;" holds nothing.
        builder.add(std::string(in.begin() + 1, in.end() - 2), in.iterator().line, true);
    }
};

template <typename Rule>
constexpr const char *complaint = nullptr;
template <>
constexpr const char *complaint<strict::quoted_tail<pegtl::one<'\''>>> =
    "a text opened by ' is not closed on its line; add the quote, or use \" around texts with an apostrophe";
template <>
constexpr const char *complaint<strict::quoted_tail<pegtl::one<'"'>>> =
    "a text opened by \" is not closed on its line; add the quote";
template <>
constexpr const char *complaint<rules::fieldText> =
    "the text field that starts here with ; has no end; close it with ; as the first character of a line";
template <>
constexpr const char *complaint<rules::blocks> = "no data block; a CIF starts with a line such as data_name";
template <>
constexpr const char *complaint<rules::loopTags> = "loop_ is followed by no tags";
template <>
constexpr const char *complaint<rules::valueEnd> = "there must be a blank or a line end after a value";
template <>
constexpr const char *complaint<rules::frameName> = "save_ without a name outside a save frame";
template <>
constexpr const char *complaint<rules::frameEnd> = "a save frame is not closed by save_";

/// The next word of the input, control characters made visible.
std::string nextWord(const char *begin, const char *end)
{
    std::string word;
    for (const char *p = begin; p != end && *p != '\n' && *p != ' ' && word.size() < 40; ++p) {
        const auto c = static_cast<unsigned char>(*p);
        if (c < ' ' || c == 0x7F)
            word += "\\x" + std::string(1, "0123456789ABCDEF"[c >> 4]) + "0123456789ABCDEF"[c & 15];
        else
            word += *p;
    }
    return word;
}

template <typename Rule>
struct Control : pegtl::normal<Rule> {
    template <typename Input, typename... States>
    static void raise(const Input &in, States &&...)
    {
        const std::string generic =
            '"' + nextWord(in.current(), in.end()) +
            "\" stands where a tag, loop_ or data_ should; is there a value too many, or a text with "
            "blanks that needs quotes?";
        throw pegtl::parse_error(complaint<Rule> ? complaint<Rule> : generic, in);
    }
};

/// The first line of the loop that does not hold a whole row, or, where rows are no lines, another number of values than most.
int lineOutOfStep(const CifLoop &loop)
{
    std::vector<std::pair<int, std::size_t>> lines;
    for (const CifValue &value : loop.values) {
        if (lines.empty() || lines.back().first != value.line)
            lines.push_back({value.line, 0});
        ++lines.back().second;
    }
    std::map<std::size_t, int> frequency;
    for (const auto &[line, count] : lines)
        ++frequency[count];
    const auto most =
        std::max_element(frequency.begin(), frequency.end(), [](auto &a, auto &b) { return a.second < b.second; });
    const std::size_t usual = frequency.count(loop.tags.size()) ? loop.tags.size() : most->first;
    const auto odd = std::find_if(lines.begin(), lines.end(), [&](auto &line) { return line.second != usual; });
    return odd == lines.end() ? loop.line : odd->first;
}

/// Fills missing values, takes out repeated tags; sets the document's error when a loop's rows are not whole.
void check(CifDocument &document)
{
    for (CifBlock &block : document.blocks) {
        std::unordered_set<std::string> seen;
        for (CifLoop &loop : block.loops) {
            for (std::string &tag : loop.tags) {
                if (seen.insert(tag).second)
                    continue;
                document.warnings.push_back({tag + " is repeated; the first one counts", loop.line});
                tag.clear();
            }
            if (loop.values.size() % loop.tags.size() != 0 && !document.error)
                document.error = {
                    "the loop of " + loop.tags[0] + " has " + std::to_string(loop.tags.size()) + " columns but " +
                        std::to_string(loop.values.size()) +
                        " values, which is no whole number of rows; look for a missing or additional value, or "
                        "a text with blanks and no quotes",
                    lineOutOfStep(loop)};
        }
    }
}

}

std::optional<std::size_t> CifLoop::column(std::string_view tag) const
{
    const auto found = std::find(tags.begin(), tags.end(), tag);
    return found == tags.end() ? std::nullopt : std::optional<std::size_t>(found - tags.begin());
}

const CifLoop *CifBlock::loopWith(std::string_view tag) const
{
    const auto found =
        std::find_if(loops.begin(), loops.end(), [&](const CifLoop &l) { return l.column(tag).has_value(); });
    return found == loops.end() ? nullptr : &*found;
}

const CifValue *CifBlock::find(std::string_view tag) const
{
    const CifLoop *loop = loopWith(tag);
    if (!loop || loop->values.empty())
        return nullptr;
    const CifValue &value = loop->at(0, *loop->column(tag));
    return value.isGiven() ? &value : nullptr;
}

CifDocument parseCif(std::string_view text)
{
    Builder builder;
    pegtl::memory_input<pegtl::tracking_mode::eager, pegtl::eol::lf> in(text.data(), text.size(), "");
    try {
        pegtl::parse<rules::file, Action, Control>(in, builder);
    } catch (const pegtl::parse_error &e) {
        const std::string message(e.message());
        const bool openField = message == complaint<rules::fieldText>;
        builder.document.error = {message, openField ? builder.fieldLine : int(e.positions().front().line)};
    }
    CifDocument document = std::move(builder.document);
    if (!document.error)
        check(document);
    return document;
}

namespace {

std::optional<TabulatedGroup> tabulated(const gemmi::SpaceGroup &group, const char *hall = nullptr)
{
    TabulatedGroup result{group.number, group.hm, group.ext, {}};
    for (const gemmi::Op &op : gemmi::symops_from_hall(hall ? hall : group.hall)) {
        TabulatedOperation operation{};
        for (int i = 0; i < 3; ++i) {
            for (int j = 0; j < 3; ++j) {
                if (op.rot[i][j] % gemmi::Op::DEN != 0)
                    return {};
                operation.rotation[i][j] = op.rot[i][j] / gemmi::Op::DEN;
            }
            operation.translation_24[i] = (op.tran[i] % gemmi::Op::DEN + gemmi::Op::DEN) % gemmi::Op::DEN;
        }
        result.operations.push_back(operation);
    }
    return result;
}

/// A Hermann–Mauguin symbol without blanks and decoration, and the setting it names (0: none).
struct Symbol {
    std::string name;
    char setting = 0;
};

Symbol cleaned(std::string_view symbol)
{
    symbol = symbol.substr(0, symbol.find('{')); // "F d -3 m {origin @ centre (-3m)}"
    Symbol result;
    std::string suffix; // what follows a colon
    bool colon = false;
    for (const char c : symbol) {
        if (c == ':')
            colon = true;
        else if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '/')
            (colon ? suffix : result.name) += c;
        else if (std::string_view(" \t\n_~").find(c) == std::string_view::npos)
            return {}; // primes, brackets: a magnetic or a Hall symbol
    }
    std::string &name = result.name;
    // "F d -3 m S", "R -3 m H", "R -3 m HR": no symbol ends in these letters otherwise.
    if (!colon && name.size() > 2) {
        const auto letter = name.find_first_of("SZHR", 1);
        if (letter != name.npos) {
            suffix = name.substr(letter);
            name.resize(letter);
        }
    }
    if (!suffix.empty()) {
        const char c = char(std::toupper(static_cast<unsigned char>(suffix[0])));
        result.setting = c == 'S' ? '1' : c == 'Z' ? '2' : c == '1' || c == '2' || c == 'H' || c == 'R' ? c : 0;
    }
    if (!name.empty())
        name[0] = char(std::toupper(static_cast<unsigned char>(name[0])));
    std::transform(name.begin(), name.end(), name.begin(), [first = name.data()](char &c) {
        return &c == first ? c : char(std::tolower(static_cast<unsigned char>(c)));
    });
    // Cubic groups were written without the bar: F m 3 m.
    if (name.size() > 2 && name[2] == '3' && std::isalpha(static_cast<unsigned char>(name[1])))
        name.insert(2, 1, '-');
    return result;
}

std::string withoutBlanks(std::string_view text)
{
    std::string result;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '_' && c != '\n')
            result += c;
    return result;
}

const gemmi::SpaceGroup *sibling(const gemmi::SpaceGroup &group, char setting)
{
    for (const gemmi::SpaceGroup &other : gemmi::spacegroup_tables::main)
        if (other.number == group.number && other.ext == setting && std::string_view(other.hm) == group.hm)
            return &other;
    return nullptr;
}

}

std::optional<TabulatedGroup> groupOfHermannMauguin(std::string_view symbol)
{
    const Symbol clean = cleaned(symbol);
    if (clean.name.empty() || clean.name.size() > 16 || !std::isalpha(static_cast<unsigned char>(clean.name[0])))
        return {};
    const gemmi::SpaceGroup *group = gemmi::find_spacegroup_by_name(clean.name);
    if (!group)
        return {};
    // A setting on a group that has one only ("P 42/m m c S") says nothing.
    if (clean.setting && group->ext)
        group = sibling(*group, clean.setting);
    return group ? tabulated(*group) : std::nullopt;
}

std::optional<TabulatedGroup> groupOfHall(std::string_view symbol)
{
    const std::string wanted = withoutBlanks(symbol), base = wanted.substr(0, wanted.find('('));
    for (const std::string &name : {wanted, base})
        for (const gemmi::SpaceGroup &group : gemmi::spacegroup_tables::main) {
            if (withoutBlanks(group.hall) != name)
                continue;
            if (name == wanted)
                return tabulated(group);
            // gemmi transforms with a change of basis; long numbers in it would overflow there.
            const std::string change = std::string(symbol.substr(symbol.find('(')));
            if (change.size() > 60 || std::search_n(change.begin(), change.end(), 3, true, [](char c, bool digit) {
                                          return digit == bool(std::isdigit(static_cast<unsigned char>(c)));
                                      }) != change.end())
                return {};
            try {
                auto result = tabulated(group, (std::string(group.hall) + ' ' + change).c_str());
                if (result) {
                    result->hermannMauguin.clear(); // it is another setting of that group
                    result->setting = 0;
                }
                return result;
            } catch (const std::runtime_error &) {
                return {}; // a change of basis that gemmi cannot read
            }
        }
    return {};
}

std::optional<TabulatedGroup> groupOfNumber(int number)
{
    for (const gemmi::SpaceGroup &group : gemmi::spacegroup_tables::main)
        if (group.number == number)
            return tabulated(group);
    return {};
}

std::optional<TabulatedGroup> otherSetting(const TabulatedGroup &group)
{
    const char other = group.setting == '1' ? '2' : group.setting == '2' ? '1' : group.setting == 'H' ? 'R' : 'H';
    for (const gemmi::SpaceGroup &candidate : gemmi::spacegroup_tables::main)
        if (group.setting && candidate.number == group.number && candidate.ext == other &&
            candidate.hm == group.hermannMauguin)
            return tabulated(candidate);
    return {};
}

bool namesSetting(std::string_view hermannMauguin)
{
    return cleaned(hermannMauguin).setting != 0;
}

}
