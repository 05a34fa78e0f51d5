// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/cif.h"
#include "engine/crystal/plain_text.h"

#include "tests/support/shared.h"

using namespace engine;

class TestCif : public QObject {
    Q_OBJECT

    /// The document of a text without faults.
    static CifBlock onlyBlock(std::string_view text)
    {
        const CifDocument document = parseCif(plainText(text));
        if (document.error)
            throw Error(std::to_string(document.error->line) + ": " + document.error->text);
        if (document.blocks.size() != 1)
            throw Error(std::to_string(document.blocks.size()) + " blocks");
        return document.blocks.front();
    }

private Q_SLOTS:
    void findsTagsInAnyCase()
    {
        const CifBlock block = onlyBlock("data_Li3N\n_Cell_Length_A 3.6\n_CELL.length_b 3.7\n");
        QCOMPARE(block.name, std::string("Li3N"));
        QCOMPARE(block.find("_cell_length_a")->text, std::string("3.6"));
        QCOMPARE(block.find("_cell_length_b")->text, std::string("3.7"));
        QVERIFY(!block.find("_cell_length_c"));
        QVERIFY(!block.loops[0].dotted && block.loops[1].dotted);
    }

    void takesQuotesOff()
    {
        const CifBlock block =
            onlyBlock("data_a\n_a 'it''s' _b \"5' long\" _c 'a ' _d ''\n_e\n;line 1\n line 2\n;\n_f\n;\n;\n");
        QCOMPARE(block.find("_a")->text, std::string("it''s"));
        QCOMPARE(block.find("_b")->text, std::string("5' long"));
        QCOMPARE(block.find("_c")->text, std::string("a "));
        QCOMPARE(block.find("_d")->text, std::string());
        QCOMPARE(block.find("_e")->text, std::string("line 1\n line 2"));
        QCOMPARE(block.find("_f")->text, std::string());
    }

    void unknownAndInapplicableAreNotGivenUnlessQuoted()
    {
        const CifBlock block = onlyBlock("data_a _a ? _b . _c '?' _d\n;.\n;\n");
        QVERIFY(!block.find("_a"));
        QVERIFY(!block.find("_b"));
        QCOMPARE(block.find("_c")->text, std::string("?"));
        QCOMPARE(block.find("_d")->text, std::string("."));
    }

    void everyValueKnowsItsLine_data()
    {
        QTest::addColumn<QByteArray>("lineEnd");
        QTest::newRow("LF") << QByteArray("\n");
        QTest::newRow("CR LF") << QByteArray("\r\n");
        QTest::newRow("CR") << QByteArray("\r");
    }
    void everyValueKnowsItsLine()
    {
        QFETCH(QByteArray, lineEnd);
        QByteArray text =
            "# comment\ndata_a # name\n_a 1\n_b\n;text\n\nmore\n;\nloop_\n_c\n_d\n1 2\n3\n\n4 # end\n5 6\n_e 'x'";
        const CifBlock block = onlyBlock(text.replace("\n", lineEnd).toStdString());
        QCOMPARE(block.line, 2);
        QCOMPARE(block.find("_a")->line, 3);
        QCOMPARE(block.find("_b")->line, 5);
        QCOMPARE(block.find("_b")->text, std::string("text\n\nmore"));
        const CifLoop *loop = block.loopWith("_d");
        QCOMPARE(loop->line, 9);
        QCOMPARE(int(loop->rows()), 3);
        const std::vector<int> lines{12, 12, 13, 15, 16, 16};
        for (std::size_t i = 0; i < lines.size(); ++i)
            QCOMPARE(loop->values[i].line, lines[i]);
        QCOMPARE(block.find("_e")->line, 17);
    }

    void readsWhatOtherSystemsWrote()
    {
        const std::string plain = "data_a\n_a \xC3\x85\n_b 1\n";
        const auto value = [&](std::string_view bytes) { return onlyBlock(bytes).find("_a")->text; };
        QCOMPARE(value(plain), std::string("\xC3\x85"));
        QCOMPARE(value("\xEF\xBB\xBF" + plain), std::string("\xC3\x85"));
        QCOMPARE(value(plain + "\x1A"), std::string("\xC3\x85"));
        QCOMPARE(value(plain + "\x1A\r\n\x1A "), std::string("\xC3\x85"));
        // Latin 1: one byte above 127, kept as it is.
        QCOMPARE(value("data_a\n_a \xC5\n"), std::string("\xC5"));

        const std::u16string wide = u"data_a\n_a \u00C5\U0001F600\n";
        std::string little = "\xFF\xFE", big = "\xFE\xFF";
        for (const char16_t c : wide) {
            little += {char(c & 0xFF), char(c >> 8)};
            big += {char(c >> 8), char(c & 0xFF)};
        }
        QCOMPARE(value(little), std::string("\xC3\x85\xF0\x9F\x98\x80"));
        QCOMPARE(value(big), std::string("\xC3\x85\xF0\x9F\x98\x80"));
        THROWS_ERROR(plainText("\x1F\x8B\x08"), "a compressed file; unpack it first");
    }

    void manyBlocksAndSaveFrames()
    {
        const CifDocument document = parseCif(
            "data_one _a 1\nsave_frame _a 5 loop_ _b 1 2 save_\n_c 2\nDATA_two loop_ _a 3 4 stop_\nglobal_ _x 1");
        QVERIFY(!document.error);
        QCOMPARE(int(document.blocks.size()), 3);
        QCOMPARE(document.blocks[0].find("_a")->text, std::string("1"));
        QVERIFY(!document.blocks[0].find("_b"));
        QCOMPARE(document.blocks[0].find("_c")->text, std::string("2"));
        QCOMPARE(int(document.blocks[1].loopWith("_a")->rows()), 2);
        QCOMPARE(document.blocks[2].name, std::string("global_"));
    }

    void repeatedTagsKeepTheFirst()
    {
        const CifDocument document = parseCif("data_a\n_x 1\n_y 2\n_x 3\nloop_ _z _z 4 5\n");
        QVERIFY(!document.error);
        QCOMPARE(document.blocks[0].find("_x")->text, std::string("1"));
        QCOMPARE(document.blocks[0].find("_z")->text, std::string("4"));
        QCOMPARE(int(document.warnings.size()), 2);
        QCOMPARE(document.warnings[0].text, std::string("_x is repeated; the first one counts"));
        QCOMPARE(document.warnings[0].line, 4);
    }

    void tagsWithoutValuesAreNotGiven()
    {
        const CifBlock block = onlyBlock("data_a\n_x\n_y 2\nloop_ _p _q\nloop_ _r 1 _s");
        QVERIFY(!block.find("_x"));
        QCOMPARE(block.find("_y")->text, std::string("2"));
        QCOMPARE(int(block.loopWith("_q")->rows()), 0);
        QVERIFY(!block.find("_q"));
        QVERIFY(!block.find("_s"));
    }

    void wordsBehindABlocksNameAreSkippedWithAWarning()
    {
        const CifDocument document = parseCif("data_a Li3N at 5 K # comment\n_x 1\ndata_b _x 2");
        QVERIFY(!document.error);
        QCOMPARE(int(document.blocks.size()), 2);
        QCOMPARE(document.blocks[1].find("_x")->text, std::string("2"));
        QCOMPARE(int(document.warnings.size()), 1);
        QCOMPARE(document.warnings[0].line, 1);
    }

    void emptyTextsAreNoBlocks()
    {
        for (const char *text : {"", "  \n\n", "# only a comment", "# comments\n#\n"}) {
            const CifDocument document = parseCif(text);
            QVERIFY(document.blocks.empty());
            QVERIFY(!document.error);
        }
    }

    void brokenTextsNameTheirLine_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("what");
        QTest::newRow("no block") << "_a 1\n" << 1 << "no data block";
        QTest::newRow("two values") << "data_a\n_a 1\n_b 2 3\n" << 3 << "\"3\" stands where a tag";
        QTest::newRow("open quote") << "data_a\n_a 'x\n_b 1\n" << 2 << "a text opened by ' is not closed";
        QTest::newRow("open double quote") << "data_a\n_a \"x\n_b 1\n" << 2 << "a text opened by \" is not closed";
        QTest::newRow("open text field") << "data_a\n_a\n;x\n_b 1\n" << 3 << "the text field that starts here";
        QTest::newRow("text after field") << "data_a\n_a\n;x\n;y\n" << 4 << "a blank or a line end after a value";
        QTest::newRow("loop without tags") << "data_a\nloop_\n1 2\n" << 3 << "loop_ is followed by no tags";
        QTest::newRow("odd row") << "data_a\nloop_\n_a\n_b\n_c\n1 2 3\n4 5\n6 7 8\n"
                                 << 7 << "has 3 columns but 8 values";
        QTest::newRow("open frame") << "data_a\nsave_x\n_a 1\n" << 4 << "a save frame is not closed";
        QTest::newRow("control character") << "data_a\n_a \x01\n" << 2 << "\"\\x01\" stands where";
    }
    void brokenTextsNameTheirLine()
    {
        QFETCH(QString, text);
        QFETCH(int, line);
        QFETCH(QString, what);
        const CifDocument document = parseCif(text.toStdString());
        QVERIFY(document.error);
        QCOMPARE(document.error->line, line);
        QVERIFY2(QString::fromStdString(document.error->text).contains(what), document.error->text.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCif)
#include "tst_cif.moc"
