// POCO's Data::ODBC.
#include <Poco/Data/LOB.h>
#include <Poco/Data/ODBC/Connector.h>
#include <Poco/Data/ODBC/ODBCException.h>
#include <Poco/Data/RecordSet.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Transaction.h>
#include <Poco/DateTime.h>
#include <Poco/Nullable.h>
#include <Poco/Version.h>

#include <vector>

#include "tap.hpp"

using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using tap::check;

namespace {

template <class Call> std::string state_of(Call&& call) {
    try {
        call();
    } catch (const Poco::Data::ODBC::StatementException& error) {
        return error.diagnostics().sqlState(0) + (error.toString().find("NOWHERE") != std::string::npos ? " NOWHERE" : "");
    } catch (const Poco::Data::ConnectionFailedException& error) {
        return error.displayText().find("28000") != std::string::npos ? "28000" : error.displayText();
    }
    return "no error";
}

int run() {
    Session db("ODBC", "DSN=box");
    check("connect", db.isConnected(), true);
    db.setProperty("maxFieldSize", std::size_t{4} << 20);
    db << "create table o_ddl (Id integer not null primary key, Label varchar(20), D numeric(18,4))", now;

    db << "create table o_u (n integer, s varchar(800))", now;
    std::string emoji;
    for (int i = 0; i < 100; ++i) emoji += "😀";
    std::vector<std::string> texts{"Ж äö € 😀 𝒳", "", emoji, "it's"};
    for (int i = 0; i < 4; ++i) db << "insert into o_u values (?, ?)", use(i), use(texts[static_cast<std::size_t>(i)]), now;
    Poco::Nullable<std::string> nothing;
    db << "insert into o_u values (4, ?)", use(nothing), now;
    std::vector<std::string> back;
    db << "select s from o_u where n < 4 order by n", into(back), now;
    check("unicode", back == texts, true);
    Poco::Nullable<std::string> text("x");
    db << "select s from o_u where n = 4", into(text), now;
    check("NULL", text.isNull(), true);
    int n = -1;
    db << "select n from o_u where s = ?", use(texts[0]), into(n), now;
    check("unicode in a condition", n, 0);
    std::string said;
    db << "select cast('😀 Ж' as varchar(20))", into(said), now;
    check("unicode in the statement", said, std::string("😀 Ж"));

    db << "create table o_n (a bigint, d numeric(18,4), e double, f bit)", now;
    Poco::Int64 a = -4611686018427387904LL, a2 = 0;
    // (POCO makes room for as many bytes as the column has digits, without sign and point.)
    std::string d = "-1234567890.1234", d2;
    double e = 0.1, e2 = 0;
    bool f = true, f2 = false;
    db << "insert into o_n values (?, ?, ?, ?)", use(a), use(d), use(e), use(f), now;
    db << "select a, d, e, f from o_n", into(a2), into(d2), into(e2), into(f2), now;
    check("a bigint", a2, a);
    check("a decimal", d2, d);
    check("a double", e2, e);
    check("a bit", f2, f);

    db << "create table o_m (m timestamp)", now;
    Poco::DateTime moment(2024, 2, 29, 23, 59, 58, 123), again; // POCO sends milliseconds
    db << "insert into o_m values (?)", use(moment), now;
    db << "select m from o_m", into(again), now;
    check("a timestamp", again == moment, true);
    Poco::Data::RecordSet set(db, "select m, cast(m as varchar(40)) as t from o_m");
    check("its fraction", set["t"].convert<std::string>(), std::string("2024-02-29 23:59:58.123"));
    check("a record set", set.columnCount() == 2 && set.rowCount() == 1, true);

    db << "create table o_l (n integer, body longvarchar, raw longvarbinary)", now;
    std::string bytes;
    for (int i = 0; i < 1 << 20; ++i) bytes += static_cast<char>(i * 7);
    // (POCO sends a CLOB as bytes and no string longer than a CHAR, hence a literal.)
    std::string big = tap::big(), big2;
    Poco::Data::BLOB raw(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()), raw2;
    db << "insert into o_l values (1, '" + big + "', ?)", use(raw), now;
    db << "select body, raw from o_l", into(big2), into(raw2), now;
    check("a mebibyte of text", big == big2, true);
    check("a mebibyte of bytes", raw == raw2, true);

    db << "create table o_b (n integer, s varchar(80))", now;
    std::vector<int> numbers;
    std::vector<std::string> labels, read;
    for (int i = 0; i < 500; ++i) {
        numbers.push_back(i);
        labels.push_back("Ж" + std::to_string(i) + "😀");
    }
    db << "insert into o_b values (?, ?)", use(numbers), use(labels), now;
    db << "select s from o_b order by n", into(read), now;
    check("containers", read == labels, true);

    check("an error", state_of([&] { db << "select * from Nowhere", now; }), std::string("42S02 NOWHERE"));
    check(
        "a constraint", state_of([&] {
            for (int i = 0; i < 2; ++i) db << "insert into o_ddl values (1, 'a', 1)", now;
        }),
        std::string("23000")
    );
    check("a wrong password", state_of([&] { Session other("ODBC", "DSN=box;PWD=wrong"); }), std::string("28000"));

    db << "create table o_t (n integer)", now;
    db.setFeature("autoCommit", false);
    db << "insert into o_t values (1)", now;
    db.rollback();
    db << "insert into o_t values (2)", now;
    db.commit();
    db.setFeature("autoCommit", true);
    db << "select sum(n) from o_t", into(n), now;
    check("transactions", n, 2);
    return tap::done(19);
}

} // namespace

int main() {
    std::printf("# version: POCO %d.%d.%d Data::ODBC\n", POCO_VERSION >> 24, POCO_VERSION >> 16 & 255, POCO_VERSION >> 8 & 255);
    Poco::Data::ODBC::Connector::registerConnector();
    try {
        return run();
    } catch (const Poco::Exception& error) {
        std::printf("%s\n", error.displayText().c_str());
        return 2;
    }
}
