// Qt's QODBC, of series 5 and 6.
#include <QCoreApplication>
#include <QDateTime>
#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlField>
#include <QSqlIndex>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QVariant>

#include "tap.hpp"

namespace {

std::ostream& operator<<(std::ostream& out, const QString& text) {
    return out << text.toStdString();
}

using tap::check;

std::string told(const QString& in) {
    return in.toStdString();
}

void run(QSqlQuery& query, const QString& sql) {
    if (!query.exec(sql)) std::printf("# %s\n", told(query.lastError().text()).c_str());
}

std::string one(const QString& sql) {
    QSqlQuery query;
    run(query, sql);
    return query.next() ? told(query.value(0).toString()) : "nothing";
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    std::printf("# version: Qt %s QODBC\n", qVersion());
    auto db = QSqlDatabase::addDatabase("QODBC");
    db.setDatabaseName("box");
    check("connect", db.open(), true);
    check("its features", db.driver()->hasFeature(QSqlDriver::Unicode) && db.driver()->hasFeature(QSqlDriver::Transactions), true);
    QSqlQuery query;

    run(query, "create table q_ddl (Id integer not null primary key, Label varchar(20) not null, D numeric(18,4))");
    check("tables", db.tables().filter("q_ddl").size(), 1);
    const auto record = db.record("q_ddl");
    check("columns", told(record.fieldName(0) + "," + record.fieldName(1) + "," + record.fieldName(2)), std::string("Id,Label,D"));
    check("a column's length and digits", record.field(1).length() == 20 && record.field(2).length() == 18 && record.field(2).precision() == 4, true);
    check("primary key", told(db.primaryIndex("q_ddl").fieldName(0)), std::string("Id"));

    run(query, "create table q_u (n integer, s varchar(200))");
    const QStringList texts{QString::fromUtf8("Ж äö € 😀 𝒳"), "", QString::fromUtf8("😀").repeated(100), "it's"};
    query.prepare("insert into q_u values (?, ?)");
    for (int n = 0; n < texts.size(); ++n) {
        query.addBindValue(n);
        query.addBindValue(texts[n]);
        if (!query.exec()) std::printf("# %s\n", told(query.lastError().text()).c_str());
    }
    query.addBindValue(int(texts.size()));
    query.addBindValue(QVariant(QString()));
    query.exec();
    QStringList back;
    bool null = false;
    run(query, "select s from q_u order by n");
    while (query.next()) {
        if (query.isNull(0))
            null = true;
        else
            back << query.value(0).toString();
    }
    check("unicode", told(back.join("|")), told(texts.join("|")));
    check("NULL", null, true);
    query.prepare("select n from q_u where s = :s");
    query.bindValue(":s", texts[0]);
    check("unicode in a condition, by name", query.exec() && query.next() && query.value(0).toInt() == 0, true);
    query.finish();
    check("unicode in the statement", one(QString::fromUtf8("select '😀 Ж'")), std::string("😀 Ж"));

    run(query, "create table q_n (a bigint, d numeric(18,4), e double, f bit)");
    // (Qt 6.4 counts the terminator of text into the length of a parameter, so a decimal goes in as a literal.)
    query.prepare("insert into q_n values (?, -12345678901234.5678, ?, ?)");
    query.addBindValue(qlonglong(-4611686018427387904LL));
    query.addBindValue(0.1);
    query.addBindValue(true);
    check("numbers in", query.exec(), true);
    query.setNumericalPrecisionPolicy(QSql::HighPrecision);
    run(query, "select a, d, e, f from q_n");
    query.next();
    check("a bigint", query.value(0).toLongLong(), -4611686018427387904LL);
    check("a decimal", told(query.value(1).toString()), std::string("-12345678901234.5678"));
    check("a double", query.value(2).toDouble(), 0.1);
    check("a bit", query.value(3).toBool(), true);
    query.finish();

    run(query, "create table q_m (m timestamp, d date, t time)");
    const auto moment = QDateTime::fromString("2024-02-29T23:59:58.123", Qt::ISODateWithMs);
    query.prepare("insert into q_m values (?, ?, ?)");
    query.addBindValue(moment);
    query.addBindValue(moment.date());
    query.addBindValue(QTime(23, 59, 58));
    check("moments in", query.exec(), true);
    run(query, "select m, d, t from q_m");
    query.next();
    check("a timestamp", told(query.value(0).toDateTime().toString(Qt::ISODateWithMs)), std::string("2024-02-29T23:59:58.123"));
    check("a date and a time", query.value(1).toDate() == moment.date() && query.value(2).toTime() == QTime(23, 59, 58), true);
    query.finish();

    run(query, "create table q_l (n integer, body longvarchar, raw longvarbinary)");
    const auto big = QString::fromStdString(tap::big());
    QByteArray raw;
    for (int i = 0; i < 1 << 20; ++i) raw.append(char(i * 7));
    query.prepare("insert into q_l values (1, ?, ?)");
    query.addBindValue(big);
    query.addBindValue(raw);
    check("long values in", query.exec(), true);
    run(query, "select body, raw from q_l");
    query.next();
    check("a mebibyte of text", query.value(0).toString() == big, true);
    check("a mebibyte of bytes", query.value(1).toByteArray() == raw, true);
    query.finish();

    run(query, "create table q_b (n integer, s varchar(20))");
    query.prepare("insert into q_b values (?, ?)");
    QVariantList numbers, labels;
    for (int i = 0; i < 100; ++i) {
        numbers << i;
        labels << QString::fromUtf8("Ж%1😀").arg(i);
    }
    query.addBindValue(numbers);
    query.addBindValue(labels);
    check("execBatch", query.execBatch(), true);
    query.finish();
    check("what it wrote", one("select max(s) from q_b where n > 97"), std::string("Ж99😀"));

    check("an error", query.exec("select * from Nowhere"), false);
    check("its number", told(query.lastError().nativeErrorCode()), std::string("-30"));
    check("its words", query.lastError().text().contains("NOWHERE"), true);

    run(query, "create table q_t (n integer)");
    db.transaction();
    run(query, "insert into q_t values (1)");
    db.rollback();
    db.transaction();
    run(query, "insert into q_t values (2)");
    db.commit();
    check("transactions", one("select sum(n) from q_t"), std::string("2"));

    auto other = QSqlDatabase::addDatabase("QODBC", "other");
    other.setDatabaseName("DRIVER={irislink};DSN=box;PWD=wrong");
    check("a wrong password", other.open(), false);
    return tap::done(28);
}
