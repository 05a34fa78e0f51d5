// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/filter.h"

#include "tests/support/shared.h"

using namespace engine;

namespace {

const std::vector<std::pair<Entry, std::optional<bool>>> &entries()
{
    static const auto all = [] {
        std::vector<std::pair<Entry, std::optional<bool>>> list;
        const auto add = [&list](const char *id, const char *formula, double sigma, const char *symbol, int number,
                                 const char *family, std::optional<bool> isOrdered) -> Entry & {
            Entry e{
                .id = id, .formula = formula, .spaceGroupSymbol = symbol, .spaceGroupNumber = number, .family = family};
            e.measurement.sigma_S_cm = sigma;
            list.emplace_back(e, isOrdered);
            return list.back().first;
        };
        add("llzo", "Li7La3Zr2O12", 3e-4, "I a -3 d", 230, "garnet", false).measurement.ea_eV = 0.30;
        add("lgps", "Li10GeP2S12", 1.2e-2, "P42/nmc", 137, "LGPS", false).measurement.doi = "10.1038/nmat3066";
        add("lif", "LiF", 1e-10, "Fm-3m", 225, "binary halide", true).measurement.isUpperBound = true;
        Entry &lipo = add("lipo", "Li3PO4", 4e-18, "Pnma", 62, "LISICON", true);
        lipo.measurement.lowestTemperature_K = 540;
        lipo.measurement.how = HowObtained::Extrapolated;
        lipo.note = "a solid solution";
        Entry &glass = add("glass", "xLi2S(1-x)P2S5", 1e-4, "", 0, "glass", {});
        glass.partition = Partition::Test;
        for (auto &[entry, isOrdered] : list)
            if (isOrdered)
                entry.structureFile = entry.id + ".cif";
        return list;
    }();
    return all;
}

QString passing(const std::string &text)
{
    const EntryFilter filter = EntryFilter::parse(text);
    QStringList ids;
    for (const auto &[entry, isOrdered] : entries())
        if (filter.passes(entry, {.isOrdered = isOrdered}))
            ids << QString::fromStdString(entry.id);
    return ids.join(' ');
}

}

class TestFilter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wordsChoose_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("ids");
        QTest::newRow("nothing") << ""
                                 << "llzo lgps lif lipo glass";
        QTest::newRow("blanks") << "  "
                                << "llzo lgps lif lipo glass";
        QTest::newRow("symbol, other blanks") << "sg:Ia-3d"
                                              << "llzo";
        QTest::newRow("number of the group") << "sg:230"
                                             << "llzo";
        QTest::newRow("no part of a symbol") << "sg:Pn"
                                             << "";
        QTest::newRow("several words") << "sg:Ia-3d σ>1e-4 disordered"
                                       << "llzo";
        QTest::newRow("conductivity") << "σ>1e-4"
                                      << "llzo lgps";
        QTest::newRow("or equal") << "sigma>=1e-4"
                                  << "llzo lgps glass";
        QTest::newRow("equal") << "σ=1e-4"
                               << "glass";
        QTest::newRow("a bound lies below") << "σ<1e-5"
                                            << "lif lipo";
        QTest::newRow("a bound is above nothing") << "σ>1e-12 ordered"
                                                  << "";
        QTest::newRow("activation energy") << "Ea<=0.3"
                                           << "llzo";
        QTest::newRow("temperature") << "T>500"
                                     << "lipo";
        QTest::newRow("superionic") << "superionic"
                                    << "llzo lgps";
        QTest::newRow("not") << "-superionic"
                             << "lif lipo glass";
        QTest::newRow("ordered") << "ordered"
                                 << "lif lipo";
        QTest::newRow("neither without a structure") << "-ordered -disordered"
                                                     << "glass";
        QTest::newRow("structure") << "-structure"
                                   << "glass";
        QTest::newRow("bound") << "bound"
                               << "lif";
        QTest::newRow("elements") << "el:Li,P"
                                  << "lgps lipo";
        QTest::newRow("without an element") << "el:P -el:O"
                                            << "lgps";
        QTest::newRow("family") << "family:GARNET"
                                << "llzo";
        QTest::newRow("quoted field") << "family:\"binary halide\""
                                      << "lif";
        QTest::newRow("plain word") << "nmat"
                                    << "lgps";
        QTest::newRow("quoted words") << "\"solid solution\""
                                      << "lipo";
        QTest::newRow("formula, case matters") << "formula:Li3PO"
                                               << "lipo";
        QTest::newRow("how") << "how:extrapolated"
                             << "lipo";
        QTest::newRow("partition") << "partition:test"
                                   << "glass";
        QTest::newRow("a quoted claim is a text") << "\"ordered\""
                                                  << "";
    }
    void wordsChoose()
    {
        QFETCH(QString, text);
        QTEST(passing(text.toStdString()), "ids");
    }

    void wrongWordsAreNamed()
    {
        THROWS_ERROR(EntryFilter::parse("colour:red"), "colour: is no field; there are id, formula, sg");
        THROWS_ERROR(EntryFilter::parse("sg:"), "needs a text");
        THROWS_ERROR(EntryFilter::parse("σ>much"), "\"much\" is no number");
        THROWS_ERROR(EntryFilter::parse("mass>3"), "\"mass\" is no number of an entry");
        THROWS_ERROR(EntryFilter::parse("el:Li,Xx"), "\"Xx\" is no element");
        THROWS_ERROR(EntryFilter::parse("\"solid sol"), "the quote is not closed");
    }
};

QTEST_APPLESS_MAIN(TestFilter)
#include "tst_filter.moc"
