// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/npy.h"

#include "tests/support/shared.h"

using namespace engine;

class TestNpy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenReadsBackBitForBit()
    {
        Matrix array(3, 2);
        array << 0.1, -0.0, 1e-308, 5e-324, 1e300, 3.0;
        const auto bytes = writeNpy(array);
        QCOMPARE(bytes.size() % 8, 0u);
        const Matrix back = readNpy(bytes, "x.npy");
        QVERIFY(std::memcmp(back.data(), array.data(), 6 * sizeof(double)) == 0);
        QCOMPARE(readNpy(writeNpy(Matrix(0, 4)), "x.npy").cols(), 4);
    }

    void float32InFortranOrderIsRead()
    {
        std::string bytes("\x93NUMPY\x01\x00", 8);
        std::string header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n";
        bytes += char(header.size());
        bytes += '\0';
        bytes += header;
        for (const float x : {1.f, 4.f, 2.f, 5.f, 3.f, 6.f})
            bytes.append(reinterpret_cast<const char *>(&x), 4);
        Matrix expected(2, 3);
        expected << 1, 2, 3, 4, 5, 6;
        QCOMPARE(readNpy(bytes, "x.npy"), expected);
    }

    void damagedFilesAreNamed()
    {
        THROWS_ERROR(readNpy("hello", "x.npy"), "x.npy: not a NumPy .npy file");
        auto bytes = writeNpy(Matrix::Zero(4, 4));
        bytes.pop_back();
        THROWS_ERROR(readNpy(bytes, "x.npy"), "size does not fit");
        THROWS_ERROR(readNpy(bytes.substr(0, 20), "x.npy"), "ends in its header");
        auto wrongType = writeNpy(Matrix::Zero(1, 1));
        wrongType.replace(wrongType.find("<f8"), 3, "<i8");
        THROWS_ERROR(readNpy(wrongType, "x.npy"), "neither float32 nor float64");
    }
};

QTEST_APPLESS_MAIN(TestNpy)
#include "tst_npy.moc"
