// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/database.h"

#include "tests/support/shared.h"

using namespace engine;

class TestSummary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsByHand()
    {
        Database database;
        const auto add = [&](Entry entry, double sigma_S_cm) {
            entry.measurement.sigma_S_cm = sigma_S_cm;
            database.add(std::move(entry));
        };
        add({.id = "a", .spaceGroupNumber = 2, .structureFile = "a.cif"}, 1e-3);
        add({.id = "b", .spaceGroupNumber = 2, .structureFile = "b.cif"}, 1e-4); // at the threshold: negative
        add({.id = "c", .measurement = {.isUpperBound = true}, .spaceGroupNumber = 225}, 1e-10);
        add({.id = "d", .structureFile = "unreadable.cif"}, 1e-7);
        add({.id = "e", .spaceGroupNumber = 1, .structureFile = "a.cif", .status = Status::Superseded}, 1e-2);
        add({.id = "f", .spaceGroupNumber = 3, .status = Status::Excluded}, 1e-1);

        Structure ordered, disordered;
        disordered.sites.push_back({.occupants = {{{3}, 0.5}}});
        const auto structureOf = [&](const Entry &entry) -> const Structure * {
            return entry.structureFile == "a.cif" ? &ordered : entry.structureFile == "b.cif" ? &disordered : nullptr;
        };
        const Summary expected{.values = 5,
                               .unique = 4,
                               .withStructure = 3,
                               .spaceGroups = 2,
                               .spaceGroupsWithStructure = 1,
                               .ordered = 1,
                               .disordered = 1,
                               .positive = 1,
                               .negative = 3,
                               .positiveWithStructure = 1,
                               .upperBounds = 1,
                               .threshold_S_cm = 1e-4,
                               .sigmaMin_S_cm = 1e-7,
                               .sigmaMax_S_cm = 1e-3};
        QVERIFY(summarise(database, 1e-4, structureOf) == expected);
    }

    void nothingIsZero()
    {
        QVERIFY(summarise({}, 1e-4, [](const Entry &) { return nullptr; }) == Summary{});
    }
};

QTEST_APPLESS_MAIN(TestSummary)
#include "tst_summary.moc"
