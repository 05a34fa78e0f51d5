// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/entry.h"

#include "tests/support/shared.h"

#include <limits>

using namespace engine;

namespace {
Entry goodEntry()
{
    return {.id = "019", .measurement = {.sigma_S_cm = 1e-3}};
}

template <class Enum>
bool textsReadBack(int n, Enum (*parse)(std::string_view))
{
    for (int i = 0; i < n; ++i)
        if (parse(toText(Enum(i))) != Enum(i))
            return false;
    return true;
}
}

class TestEntry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void superionicIsStrictlyAboveTheThreshold()
    {
        Entry entry = goodEntry();
        QVERIFY(isSuperionic(entry));
        entry.measurement.sigma_S_cm = 1e-4;
        QVERIFY(!isSuperionic(entry));
        QVERIFY(isSuperionic(entry, 0.99e-4));
    }

    void anUpperBoundShowsNothingAboveTheThreshold()
    {
        Entry entry = goodEntry();
        entry.measurement.isUpperBound = true;
        QVERIFY(!isSuperionic(entry));
    }

    void textsOfEnumsReadBack()
    {
        QVERIFY(textsReadBack(4, parseHowObtained));
        QVERIFY(textsReadBack(4, parseProvenanceKind));
        QVERIFY(textsReadBack(4, parseLinkKind));
        QVERIFY(textsReadBack(7, parseStatus));
        QVERIFY(textsReadBack(2, parsePartition));
        QCOMPARE(parseLinkKind(" Same Paper "), LinkKind::SamePaper);
    }

    void otherTextsAreRefusedWithTheList()
    {
        THROWS_ERROR(parseStatus("ready"), "\"ready\" is no status; one of draft, submitted");
        THROWS_ERROR(parseHowObtained(""), "measured, interpolated");
        THROWS_ERROR(parseProvenanceKind("x"), "text, table, figure");
        THROWS_ERROR(parseLinkKind("x"), "same sample, same paper");
        THROWS_ERROR(parsePartition("x"), "training, test");
    }

    void wrongEntriesAreNamed()
    {
        check(goodEntry());
        THROWS_ERROR(check({}), "without an id");
        const auto broken = [](auto change) {
            Entry entry = goodEntry();
            change(entry);
            return entry;
        };
        for (const char *id : {".hidden", "a/b", "a\\b", "c:", "a\nb", " a", "a ", "\xe9"})
            THROWS_ERROR(check(broken([&](Entry &e) { e.id = id; })), "an id names files");
        for (const double sigma :
             {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
            THROWS_ERROR(check(broken([&](Entry &e) { e.measurement.sigma_S_cm = sigma; })),
                         "entry 019: a conductivity of");
        THROWS_ERROR(check(broken([](Entry &e) { e.measurement.sigma_S_cm = 1e10; })), "is a minus sign missing?");
        THROWS_ERROR(check(broken([](Entry &e) { e.spaceGroupNumber = 231; })), "entry 019: space group 231");
        THROWS_ERROR(check(broken([](Entry &e) { e.icsd = "12a"; })), "\"12a\"");
        THROWS_ERROR(check(broken([](Entry &e) { e.structureFile = "../x.cif"; })), "is no name of a file");
    }
};

QTEST_APPLESS_MAIN(TestEntry)
#include "tst_entry.moc"
