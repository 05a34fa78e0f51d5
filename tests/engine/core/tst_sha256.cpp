// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/sha256.h"

#include <QCryptographicHash>
#include <QTest>

using namespace engine;

class TestSha256 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // FIPS 180-4 example vectors (NIST, Cryptographic Standards and Guidelines, examples with intermediate values).
    void theStandardsExamplesComeOut()
    {
        QCOMPARE(sha256(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    }

    void agreesWithQtForAllLengthsOfThreeBlocks()
    {
        QByteArray bytes;
        for (int n = 0; n <= 192; ++n) {
            const auto expected = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
            QCOMPARE(QByteArray::fromStdString(sha256({bytes.constData(), std::size_t(bytes.size())})), expected);
            bytes += char(n * 37 + 200);
        }
    }
};

QTEST_APPLESS_MAIN(TestSha256)
#include "tst_sha256.moc"
