// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/message_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

namespace widgets {

namespace {

QColor mixed(const QColor &a, const QColor &b, double shareOfB)
{
    const auto mix = [shareOfB](float x, float y) { return float(x + (y - x) * shareOfB); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

}

MessageBar::MessageBar(QWidget *parent) : QFrame(parent), m_icon(new QLabel(this)), m_text(new QLabel(this))
{
    setAutoFillBackground(true);
    setAccessibleName(tr("Message"));
    m_text->setObjectName(QStringLiteral("message"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);

    auto *copy = new QPushButton(tr("&Copy details"), this);
    copy->setObjectName(QStringLiteral("copyDetails"));
    connect(copy, &QPushButton::clicked, this, &MessageBar::copyDetails);
    auto *close = new QPushButton(tr("C&lose"), this);
    connect(close, &QPushButton::clicked, this, &QWidget::hide);

    auto *layout = new QHBoxLayout(this);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(copy, 0, Qt::AlignTop);
    layout->addWidget(close, 0, Qt::AlignTop);
    colour();
    hide();
}

void MessageBar::showError(const QString &what, const QString &why)
{
    m_text->setText(tr("%1\n%2", "what failed, why").arg(what, why));
    m_details = tr("%1 %2\n%3\n%4", "program, version, what failed, why")
                    .arg(QStringLiteral("Superion"), QApplication::applicationVersion(), what, why);
    setAccessibleDescription(m_text->text());
    show();
}

void MessageBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::StyleChange)
        colour();
    QFrame::changeEvent(event);
}

/// The window's colour with a little red: dark text stays readable on it in a light palette, light text in a dark one.
void MessageBar::colour()
{
    QPalette colours = QApplication::palette();
    colours.setColor(QPalette::Window, mixed(colours.color(QPalette::Window), QColor(220, 40, 40), 0.18));
    setPalette(colours);
    const int side = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    m_icon->setPixmap(style()->standardIcon(QStyle::SP_MessageBoxWarning, nullptr, this).pixmap(side));
}

void MessageBar::copyDetails() const
{
    QApplication::clipboard()->setText(m_details);
}

}
