// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;

namespace widgets {

/// What failed and why, above the content, which stays. Hidden until show is called.
class MessageBar : public QFrame {
    Q_OBJECT

public:
    explicit MessageBar(QWidget *parent = nullptr);

    /// `what` failed because of `why`; both are shown, and "Copy details" takes them with the program's version.
    void showError(const QString &what, const QString &why);

protected:
    void changeEvent(QEvent *event) override;

private:
    void colour();
    void copyDetails() const;

    QLabel *m_icon;
    QLabel *m_text;
    QString m_details;
};

}
