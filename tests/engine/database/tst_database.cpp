// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/database.h"

#include "tests/support/shared.h"

using namespace engine;

namespace {
Entry entry(const std::string &id)
{
    return {.id = id, .measurement = {.sigma_S_cm = 1e-3}};
}
}

class TestDatabase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void entriesAreSortedWhateverTheOrderTheyCameIn()
    {
        Database a, b;
        for (const char *id : {"c", "a", "B", "10", "9"})
            a.add(entry(id));
        for (const char *id : {"9", "B", "10", "c", "a"})
            b.add(entry(id));
        QCOMPARE(a, b);
        QVERIFY(std::ranges::is_sorted(a.entries, {}, &Entry::id));
    }

    void findsByIdAlone()
    {
        Database database;
        database.add(entry("1e5"));
        QCOMPARE(database.find("1e5"), &database.entries[0]);
        QVERIFY(!database.find("100000"));
        QVERIFY(!Database().find("x"));
    }

    void oneIdIsOneEntry()
    {
        Database database;
        database.add(entry("a"));
        THROWS_ERROR(database.add(entry("a")), "entry a: there is one of that id already");
        THROWS_ERROR(database.add({.id = "b"}), "entry b: a conductivity of 0 S/cm");
        QCOMPARE(database.entries.size(), 1u);
    }
};

QTEST_APPLESS_MAIN(TestDatabase)
#include "tst_database.moc"
