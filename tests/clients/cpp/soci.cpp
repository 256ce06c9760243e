// SOCI's ODBC backend.
#include <soci/odbc/soci-odbc.h>
#include <soci/soci.h>
#include <soci/version.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "tap.hpp"

using tap::check;

namespace {

template <class Call> std::string state_of(Call&& call) {
    try {
        call();
    } catch (const soci::odbc_soci_error& error) {
        const std::string words(reinterpret_cast<const char*>(error.odbc_error_message()));
        return std::string(reinterpret_cast<const char*>(error.odbc_error_code())) + (words.find("NOWHERE") != std::string::npos ? " NOWHERE" : "");
    }
    return "no error";
}

} // namespace

int main() {
    std::printf("# version: SOCI %d.%d.%d\n", SOCI_VERSION / 100000, SOCI_VERSION / 100 % 1000, SOCI_VERSION % 100);
    soci::session db(soci::odbc, "DSN=box");
    check("connect", db.is_connected(), true);

    db << "create table s_ddl (Id integer not null primary key, Label varchar(20), D numeric(18,4))";
    int n = 0;
    db << "select count(*) from s_ddl", soci::into(n);
    check("an empty table", n, 0);

    db << "create table s_u (n integer, s varchar(800))";
    std::string emoji;
    for (int i = 0; i < 100; ++i) emoji += "😀";
    const std::vector<std::string> texts{"Ж äö € 😀 𝒳", "", emoji, "it's"};
    for (int i = 0; i < 4; ++i) db << "insert into s_u values (:n, :s)", soci::use(i), soci::use(texts[static_cast<std::size_t>(i)]);
    std::string nothing;
    auto null = soci::i_null;
    db << "insert into s_u values (4, :s)", soci::use(nothing, null);
    std::vector<std::string> back(10);
    db << "select s from s_u where n < 4 order by n", soci::into(back);
    check("unicode", back == texts, true);
    soci::indicator found{};
    db << "select s from s_u where n = 4", soci::into(nothing, found);
    check("NULL", found == soci::i_null, true);
    db << "select n from s_u where s = :s", soci::use(texts[0]), soci::into(n);
    check("unicode in a condition", n, 0);
    db << "select '😀 Ж'", soci::into(nothing);
    check("unicode in the statement", nothing, std::string("😀 Ж"));

    db << "create table s_n (a bigint, d numeric(18,4), e double, g integer)";
    const long long a = -4611686018427387904LL;
    // (SOCI makes room for as many bytes as the column has digits, without sign and point.)
    const std::string d = "-123456789012.3456";
    const double e = 0.1;
    const int g = -7;
    db << "insert into s_n values (:a, :d, :e, :g)", soci::use(a), soci::use(d), soci::use(e), soci::use(g);
    long long a2 = 0;
    std::string d2;
    double e2 = 0;
    int g2 = 0;
    db << "select a, d, e, g from s_n", soci::into(a2), soci::into(d2), soci::into(e2), soci::into(g2);
    check("a bigint", a2, a);
    check("a decimal", d2, d);
    check("a double", e2, e);
    check("an integer", g2, g);

    db << "create table s_m (m timestamp)";
    db << "insert into s_m values ('2024-02-29 23:59:58.123456')";
    std::tm moment{};
    std::string text;
    db << "select m from s_m", soci::into(moment);
    check("a timestamp", moment.tm_year == 124 && moment.tm_mon == 1 && moment.tm_mday == 29 && moment.tm_hour == 23 && moment.tm_sec == 58, true);
    db << "select m from s_m", soci::into(text);
    check("its fraction", text, std::string("2024-02-29 23:59:58.123456"));
    db << "select count(*) from s_m where m > :m", soci::use(moment), soci::into(n);
    check("a timestamp in a condition", n, 1);

    db << "create table s_l (n integer, body longvarchar)";
    soci::long_string big{tap::big()}, again;
    db << "insert into s_l values (1, :b)", soci::use(big);
    db << "select body from s_l", soci::into(again);
    check("a mebibyte of text", again.value == big.value, true);

    db << "create table s_b (n integer, s varchar(80))";
    std::vector<int> numbers;
    std::vector<std::string> labels;
    for (int i = 0; i < 500; ++i) {
        numbers.push_back(i);
        labels.push_back("Ж" + std::to_string(i) + "😀");
    }
    db << "insert into s_b values (:n, :s)", soci::use(numbers), soci::use(labels);
    std::vector<int> read_numbers(200);
    std::vector<std::string> read_labels(200);
    soci::statement blocks = (db.prepare << "select n, s from s_b order by n", soci::into(read_numbers), soci::into(read_labels));
    blocks.execute();
    std::size_t rows = 0;
    bool same = true;
    while (blocks.fetch()) {
        for (std::size_t i = 0; i < read_numbers.size(); ++i, ++rows) same = same && read_labels[i] == labels[rows];
        read_numbers.resize(200);
        read_labels.resize(200);
    }
    check("arrays in and blocks out", same && rows == 500, true);

    int dynamic = 0;
    soci::rowset<soci::row> all = db.prepare << "select n, s, cast(n as double) as x from s_b where n < 3";
    for (const auto& row : all) dynamic += row.get<int>(0) + static_cast<int>(row.get<double>("x")) + static_cast<int>(row.size());
    check("rows of unknown shape", dynamic, 15);

    check("an error", state_of([&] { db << "select * from Nowhere"; }), std::string("42S02 NOWHERE"));
    check(
        "a constraint", state_of([&] {
            for (int i = 0; i < 2; ++i) db << "insert into s_ddl values (1, 'a', 1)";
        }),
        std::string("23000")
    );
    check("a wrong password", state_of([&] { soci::session other(soci::odbc, "DSN=box;PWD=wrong"); }), std::string("28000"));

    db << "create table s_t (n integer)";
    {
        soci::transaction undone(db);
        db << "insert into s_t values (1)";
    }
    {
        soci::transaction kept(db);
        db << "insert into s_t values (2)";
        kept.commit();
    }
    db << "select sum(n) from s_t", soci::into(n);
    check("transactions", n, 2);
    return tap::done(20);
}
