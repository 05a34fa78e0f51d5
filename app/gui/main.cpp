// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/main_window.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>
#include <QLocale>
#include <QTranslator>

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Superion"));
    QApplication::setApplicationName(QStringLiteral("superion"));
    QApplication::setApplicationVersion(QStringLiteral(SUPERION_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("org.superion.superion"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/superion.svg")));

    // English is the language of the source, but its plurals are a translation too.
    QTranslator translator;
    if (translator.load(QLocale(), QStringLiteral("superion"), QStringLiteral("_"), QStringLiteral(":/i18n")) ||
        translator.load(QStringLiteral(":/i18n/superion_en")))
        QApplication::installTranslator(&translator);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "Lithium superionic solids, from figure to ranked table."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("PROJECT"),
                                 QApplication::translate("main", "a project folder or a .superion archive"),
                                 QStringLiteral("[PROJECT]"));
    parser.process(app);

    widgets::MainWindow window;
    window.show();
    if (!parser.positionalArguments().isEmpty())
        window.openProject(parser.positionalArguments().constFirst());
    return QApplication::exec();
}
