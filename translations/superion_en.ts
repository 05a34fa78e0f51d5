<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB">
<context>
    <name>widgets::MainWindow</name>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with a structure</source>
        <translation>
            <numerusform>%n with a structure</numerusform>
            <numerusform>%n with a structure</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n superionic</source>
        <translation>
            <numerusform>%n superionic</numerusform>
            <numerusform>%n superionic</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n for testing</source>
        <translation>
            <numerusform>%n for testing</numerusform>
            <numerusform>%n for testing</numerusform>
        </translation>
    </message>
</context>
</TS>
