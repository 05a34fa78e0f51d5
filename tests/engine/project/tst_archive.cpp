// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/archive.h"

#include "tests/support/shared.h"

#include <QTemporaryDir>

#include <zlib.h>

#include <cstring>

using namespace engine;

namespace {
// Every occurrence; a zip holds each name twice.
std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

std::string gz(std::string_view bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = uInt(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = uInt(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

void put(std::string &bytes, std::size_t at, std::uint32_t value, int n)
{
    std::memcpy(bytes.data() + at, &value, std::size_t(n));
}

// A zip of one file, its central directory repeated n times under the names a0, a1 …: all share the same packed bytes.
std::string overlapping(const std::string &bytes, int n)
{
    const auto zip = zipped({{"a0", bytes}});
    const auto central = zip.find("PK\1\2"), end = zip.find("PK\5\6");
    std::string result = zip.substr(0, central);
    for (int i = 0; i < n; ++i)
        result += replaced(zip.substr(central, end - central), "a0", "a" + std::to_string(i));
    std::string tail = zip.substr(end);
    put(tail, 8, std::uint32_t(n), 2);
    put(tail, 10, std::uint32_t(n), 2);
    put(tail, 12, std::uint32_t(n * (end - central)), 4);
    return result + tail;
}
}

class TestArchive : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path at(const std::string &name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    std::filesystem::path write(const std::string &name, std::string_view bytes) const
    {
        std::filesystem::create_directories(at(name).parent_path());
        writeFile(at(name), bytes);
        return at(name);
    }
    static std::vector<std::string> namesOf(const std::filesystem::path &path)
    {
        std::vector<std::string> names;
        visitFiles(path, [&](File file) { names.push_back(file.name); });
        return names;
    }

private Q_SLOTS:
    void foldersZipsAndGzAreOneTree()
    {
        write("in/b.cif", "b");
        write("in/a/z.cif.gz", gz("z"));
        write("in/pack.zip", zipped({{"x/1.cif", "one"}, {"inner.zip", zipped({{"2.cif.gz", gz("two")}})}}));
        const auto files = allFiles({at("in")});
        QCOMPARE(files, (std::vector<File>{{"in/a/z.cif", "z"},
                                           {"in/b.cif", "b"},
                                           {"in/pack.zip/inner.zip/2.cif", "two"},
                                           {"in/pack.zip/x/1.cif", "one"}}));
        QCOMPARE(allFiles({at("in/b.cif"), at("in/a/")}), (std::vector<File>{{"b.cif", "b"}, {"a/z.cif", "z"}}));
    }

    void hiddenFilesAreLeftOut()
    {
        write("hid/.git/x.cif", "x");
        write("hid/.y.cif", "y");
        write("hid/seen.cif", "s");
        write("hid/p.zip", zipped({{"__MACOSX/._z.cif", ""}, {".h/z.cif", ""}, {"z.cif", ""}}));
        QCOMPARE(namesOf(at("hid")), (std::vector<std::string>{"hid/p.zip/z.cif", "hid/seen.cif"}));
    }

    void linksToFoldersAndToNowhereAreNotFollowed()
    {
        write("links/a.cif", "a");
        std::filesystem::create_directory_symlink("..", at("links/up"));
        std::filesystem::create_symlink("nowhere", at("links/broken.cif"));
        QCOMPARE(namesOf(at("links")), (std::vector<std::string>{"links/a.cif"}));
    }

    void zipsThreeDeepAreVisitedAsTheyAre()
    {
        const auto third = zipped({{"x.cif", ""}});
        write("deep.zip", zipped({{"2.zip", zipped({{"3.zip", third}})}}));
        QCOMPARE(allFiles({at("deep.zip")}), (std::vector<File>{{"deep.zip/2.zip/3.zip", third}}));
    }

    void unwantedFilesAreNotRead()
    {
        // The checksum of b.cif is wrong, which only reading it can show.
        auto zip = zipped({{"a.cif", "aaaaaaaa"}, {"b.cif", "bbbbbbbb"}});
        const auto crcOfB = zip.find("PK\3\4", 1) + 14;
        zip[crcOfB] = char(zip[crcOfB] ^ 1);
        zip = replaced(zip, zip.substr(zip.rfind("PK\1\2") + 16, 4), zip.substr(crcOfB, 4));
        const auto path = write("wanted.zip", zip);
        std::vector<std::string> names;
        visitFiles(
            path, [&](File file) { names.push_back(file.name); }, {},
            [](std::string_view name) { return name.ends_with("a.cif"); });
        QCOMPARE(names, std::vector<std::string>{"wanted.zip/a.cif"});
        THROWS_ERROR(allFiles({path}), "wanted.zip/b.cif: is damaged");
    }

    void namesThatLeaveTheArchiveAreRefused_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("up") << QByteArray("../abcdef.cif") << QByteArray("leads out of the archive");
        QTest::newRow("up, hidden in the middle") << QByteArray("a/../../b.cif") << QByteArray("leads out");
        QTest::newRow("up, as Windows writes it") << QByteArray("..\\abcdef.cif") << QByteArray("leads out");
        QTest::newRow("absolute") << QByteArray("/etc/abcd.cif") << QByteArray("has an absolute name");
        QTest::newRow("absolute, as Windows writes it") << QByteArray("\\etc\\abcd.cif") << QByteArray("absolute");
        QTest::newRow("a drive") << QByteArray("C:\\abcdef.cif") << QByteArray("names a drive");
    }
    void namesThatLeaveTheArchiveAreRefused()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, reason);
        QCOMPARE(name.size(), 13);
        const auto path = write("evil.zip", replaced(zipped({{"harmless1.cif", "x"}, {"zz.cif", "y"}}), "harmless1.cif",
                                                     name.toStdString()));
        QString message;
        try {
            allFiles({path});
        } catch (const Error &error) {
            message = QString::fromUtf8(error.what());
        }
        QVERIFY2(message.contains(QString::fromUtf8(name)) && message.contains(QString::fromUtf8(reason)) &&
                     message.startsWith(QString::fromStdString(path.string())),
                 qPrintable(message));
        QVERIFY_EXCEPTION_THROWN(zipped({{name.toStdString(), "x"}}), Error);
    }

    void damagedArchivesAreNamed()
    {
        const auto zip = zipped({{"a.cif", std::string(5000, 'a')}, {"b.cif", "b"}});
        THROWS_ERROR(allFiles({write("no.zip", "this is no zip")}), "no.zip: is damaged or no zip archive");
        THROWS_ERROR(allFiles({write("empty.zip", "")}), "empty.zip: is damaged");
        THROWS_ERROR(allFiles({write("cut.zip", zip.substr(0, zip.size() / 2))}), "cut.zip: is damaged");
        auto flipped = zip;
        flipped[40] = char(flipped[40] ^ 0x55);
        THROWS_ERROR(allFiles({write("flipped.zip", flipped)}), "flipped.zip/a.cif: is damaged");
        THROWS_ERROR(allFiles({write("cut.cif.gz", gz("some text").substr(0, 20))}), "cut.cif.gz: is damaged");
        THROWS_ERROR(allFiles({write("no.cif.gz", "plain text")}), "no.cif.gz: is damaged");
        THROWS_ERROR(allFiles({at("missing.zip")}), "missing.zip: does not exist");
        THROWS_ERROR(allFiles({write("twice.zip", replaced(zipped({{"a.cif", ""}, {"b.cif", ""}}), "b.cif", "a.cif"))}),
                     "holds two files named a.cif");
    }

    void anyByteMayBeWrong()
    {
        const auto zip = zipped({{"a.cif", "some text, some text"}, {"b/c.cif", "other"}});
        for (std::size_t i = 0; i < zip.size(); ++i) {
            auto damaged = zip;
            damaged[i] = char(damaged[i] ^ 0xff);
            try {
                for (const auto &file : unzipped(damaged, "x.zip"))
                    QVERIFY(file.bytes == "some text, some text" || file.bytes == "other");
            } catch (const Error &) {
            }
        }
    }

    void encryptedAndForeignEntriesSayWhatToDo()
    {
        const auto zip = zipped({{"a.cif", "text"}});
        const auto central = zip.find("PK\1\2");
        auto encrypted = zip;
        encrypted[6] = char(encrypted[6] | 1);
        encrypted[central + 8] = char(encrypted[central + 8] | 1);
        THROWS_ERROR(unzipped(encrypted, "e.zip"), "e.zip/a.cif: is encrypted");
        auto packedOtherwise = zip;
        put(packedOtherwise, 8, 93, 2); // Zstandard
        put(packedOtherwise, central + 10, 93, 2);
        THROWS_ERROR(unzipped(packedOtherwise, "z.zip"), "packed with method 93");
    }

    void bombsAreNotUnpacked()
    {
        THROWS_ERROR(unzipped(overlapping(std::string(1 << 20, '\0'), 10), "bomb.zip"), "zip bomb");

        auto claims = zipped({{"a.cif", "text"}});
        const auto central = claims.find("PK\1\2");
        put(claims, 22, 0x7fffffff, 4);
        put(claims, central + 24, 0x7fffffff, 4);
        THROWS_ERROR(unzipped(claims, "large.zip"), "large.zip/a.cif: unpacks to more than 1 GiB");

        // The limit holds for all members together.
        const auto member = gz(std::string(1000, '\0'));
        QCOMPARE(gunzipped(member + member, "x.gz", 2000).size(), 2000u);
        THROWS_ERROR(gunzipped(member + member + member, "bomb.cif.gz", 2000),
                     "bomb.cif.gz: unpacks to more than 1 GiB");
    }

    void theSameFilesGiveTheSameBytes()
    {
        const std::vector<File> files{{"b.txt", "β"}, {"a/ü.txt", ""}, {"c.txt", std::string(100000, 'c')}};
        const auto zip = zipped(files);
        QCOMPARE(zipped({files[2], files[0], files[1]}), zip);
        QCOMPARE(unzipped(zip, "x"), (std::vector<File>{files[1], files[0], files[2]}));
        writeZip(at("same.zip"), files);
        QCOMPARE(readFile(at("same.zip")), zip);
    }

    void filesThatCannotLieSideBySideAreRefused()
    {
        THROWS_ERROR(zipped({{"a", "1"}, {"a", "2"}}), "two files named a");
        THROWS_ERROR(zipped({{"a//b", "1"}}), "cannot hold a file named a//b");
    }

    void stopsOnRequest()
    {
        write("stop/a.cif", "a");
        std::stop_source source;
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(visitFiles(at("stop"), [](File) {}, {{}, source.get_token()}), Cancelled);
    }

    void readsTheCifsOfObelix()
    {
        NEEDS_SHARED("data/obelix/all_cifs.zip");
        const auto names = namesOf(sharedPath("data/obelix/all_cifs.zip"));
        QCOMPARE(names.size(), 321u);
        QVERIFY(std::ranges::is_sorted(names));
        QVERIFY(std::ranges::count(names, "all_cifs.zip/all_randomized_cifs/jqc.cif") == 1);
    }
};

QTEST_APPLESS_MAIN(TestArchive)
#include "tst_archive.moc"
