// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/terminal.h"
#include "app/cli/verb.h"

#include "engine/core/error.h"
#include "engine/core/parallel.h"

#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <new>
#include <unistd.h>

namespace cli {

const std::vector<Verb> &verbs()
{
    static const std::vector<Verb> table = {
        {"run", "The main job on one project: validate, train, evaluate, screen, rank, report",
         "superion-cli run lithium.superion --parent formation_energy.hdf5 --screen cifs.zip --report report",
         declareRun},
        {"structure", "Read and show structures", "superion-cli structure cifs.zip --neighbours 3 --json",
         declareStructure},
        {"featurize", "Atom features from a parent network",
         "superion-cli featurize Li3N.cif --parent formation_energy.hdf5 --layer 1 --simplify camns --out features.npz",
         declareFeaturize},
        {"property", "Formation energy, band gap or metal probability from a MEGNet model",
         "superion-cli property cifs.zip --model band_gap_regression.hdf5", declareProperty},
        {"duplicates", "Groups of identical structures, and which one to keep",
         "superion-cli duplicates all_cifs.zip --table all.csv --id ID --value sigma_S_cm", declareDuplicates},
        {"import", "Entries and structures from published tables, or any CSV",
         "superion-cli import all.csv all_cifs.zip --format obelix --into lithium.superion", declareImport},
        {"add", "Add one entry to a project",
         "superion-cli add lithium.superion --id Li3N --sigma 1.2e-3 --structure Li3N.cif", declareAdd},
        {"summary", "Count the values, structures and classes of a project", "superion-cli summary lithium.superion",
         declareSummary},
        {"validate", "Cross-validation with controls",
         "superion-cli validate lithium.superion --parent formation_energy.hdf5 --epochs 50 --json", declareValidate},
        {"pretrain", "Train a parent network on a computed property",
         "superion-cli pretrain cifs.zip --table id_prop.csv --id 1 --value 2 --out formation_energy.hdf5",
         declarePretrain},
        {"train", "Train an ensemble",
         "superion-cli train lithium.superion --parent formation_energy.hdf5 --members 20 --out ensemble",
         declareTrain},
        {"evaluate", "Score an ensemble on the sealed test partition",
         "superion-cli evaluate lithium.superion --parent formation_energy.hdf5", declareEvaluate},
        {"screen", "Predict which structures are superionic",
         "superion-cli screen cifs.zip --ensemble lithium.superion --parent formation_energy.hdf5 --out screened.csv",
         declareScreen},
        {"rank", "Filter and order what screen found", "superion-cli rank screened.csv --minimum-band-gap 1",
         declareRank},
    };
    return table;
}

namespace {

constexpr int statusError = 1, statusUsage = 2, statusStopped = 130;

void declareCommon(Options &options, Common &common, std::string &optionsFile, const std::vector<std::string> &known)
{
    CLI::App &app = options.app();
    app.add_flag("--json", common.json, "Write one JSON document")->group("Common")->configurable(false);
    app.add_option("--out", common.out, "Write the result there")->group("Common")->configurable(false);
    app.add_option("--threads", common.threads, "Threads; 0: one per core. Changes the time, never the result")
        ->check(CLI::Range(0, 4096))
        ->group("Common")
        ->configurable(false);
    options.add("seed", common.seed, "Where chance begins")->group("Common");
    app.set_config("--options", optionsFile, "Read options from JSON; those on the command line win")
        ->group("Common")
        ->type_name("FILE.json");
    app.config_formatter(std::make_shared<JsonConfig>(app, known));
    app.add_flag("--print-options", common.printOptions, "Write the options in force as JSON, and do nothing else")
        ->group("Common")
        ->configurable(false);
    app.add_flag("--quiet", common.quiet, "No progress on stderr")->group("Common")->configurable(false);
    app.add_flag("--progress", common.forceProgress, "Progress on stderr also when it is no terminal")
        ->group("Common")
        ->configurable(false);
}

std::string overview()
{
    std::string text = "superion-cli: lithium superionic conductors, from structures to ranked candidates\n\n"
                       "Usage: superion-cli VERB [inputs] [options]\n\nVerbs:\n";
    for (const Verb &verb : verbs()) {
        std::string name = verb.name;
        name.resize(11, ' ');
        text += "  " + name + verb.summary + "\n";
    }
    return text + "\nsuperion-cli VERB --help explains one of them; superion-cli --version tells the version.\n"
                  "Exit status: 0 done, 1 error, 2 wrong usage, 3 done but some inputs were rejected, 130 stopped.\n";
}

// The options of all verbs, so that a file of options can serve several.
std::vector<std::string> knownOptions()
{
    std::vector<std::string> names;
    for (const Verb &verb : verbs()) {
        CLI::App app;
        Options options(app);
        const Action action = verb.declare(options); // owns what the options write into
        for (const CLI::Option *option : app.get_options())
            if (!option->get_lnames().empty())
                names.push_back(option->get_lnames().front());
    }
    names.push_back("seed");
    return names;
}

// Options may be written as in JSON: --learningRate is --learning-rate.
std::vector<std::string> normalised(int argc, char **argv)
{
    std::vector<std::string> arguments;
    for (int i = argc - 1; i >= 2; --i) { // CLI11 takes them backwards
        std::string argument = argv[i];
        if (argument.starts_with("--")) {
            const auto equals = argument.find('=');
            argument = Options::kebab(argument.substr(0, equals)) +
                       (equals == std::string::npos ? "" : argument.substr(equals));
        }
        arguments.push_back(std::move(argument));
    }
    return arguments;
}

int runVerb(const Verb &verb, int argc, char **argv)
{
    CLI::App app(verb.summary, std::string("superion-cli ") + verb.name);
    app.footer(std::string("Example: ") + verb.example);
    app.get_formatter()->column_width(38);
    Options options(app);
    Common common;
    std::string optionsFile;
    const Action action = verb.declare(options);
    declareCommon(options, common, optionsFile, knownOptions());
    try {
        app.parse(normalised(argc, argv));
        options.parsed();
    } catch (const CLI::CallForHelp &) {
        print(app.help());
        return 0;
    } catch (const CLI::FileError &) {
        throw engine::Error("--options: the file cannot be read");
    } catch (const CLI::ParseError &e) {
        std::fprintf(stderr, "superion-cli %s: %s\nTry superion-cli %s --help\n", verb.name, e.what(), verb.name);
        return statusUsage;
    }
    if (common.printOptions) {
        print(options.inForce().dump(1) + "\n");
        return 0;
    }

    engine::setThreadCount(common.threads);
    const InterruptWatcher watcher;
    common.progress.stop = watcher.token();
    const bool isTerminal = isatty(STDERR_FILENO);
    std::unique_ptr<ProgressLine> line;
    if (!common.quiet && (isTerminal || common.forceProgress)) {
        line = std::make_unique<ProgressLine>(isTerminal);
        common.progress.report = [&line](double fraction, std::string_view stage) {
            if (line)
                line->show(fraction, stage);
            if (fraction >= 1)
                line.reset(); // nothing of it between the lines of the result
        };
    }
    return action(common);
}

int run(int argc, char **argv)
{
    const std::string first = argc > 1 ? argv[1] : "";
    if (first == "--help" || first == "-h" || first == "help") {
        print(overview());
        return 0;
    }
    if (first == "--version") {
        print("superion-cli " SUPERION_VERSION "\n");
        return 0;
    }
    for (const Verb &verb : verbs())
        if (first == verb.name)
            return runVerb(verb, argc, argv);
    std::fprintf(stderr, "%s",
                 first.empty() ? overview().c_str()
                               : ("superion-cli: no verb \"" + first + "\"\nTry superion-cli --help\n").c_str());
    return statusUsage;
}

}

}

int main(int argc, char **argv)
{
    // A closed pipe and a file over the limit become failed writes, with a message.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        return cli::run(argc, argv);
    } catch (const engine::Cancelled &) {
        std::fprintf(stderr, "stopped\n");
        return cli::statusStopped;
    } catch (const engine::Error &e) {
        std::fprintf(stderr, "error: %s\n", e.what());
    } catch (const std::bad_alloc &) {
        std::fprintf(stderr, "error: not enough memory\n");
    } catch (const std::exception &e) {
        std::fprintf(stderr, "error: %s\n", e.what());
    }
    return cli::statusError;
}
