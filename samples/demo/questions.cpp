#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <tuple>
#include <vector>

#include "samples/demo/demo.hpp"

namespace demo {
namespace {

using irislink::value;
using csv_rows = std::vector<std::vector<std::string>>;

csv_rows read_csv(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    csv_rows out;
    std::string line;
    std::getline(in, line);  // the header
    while (std::getline(in, line)) {
        while (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        auto& row = out.emplace_back(1);
        bool quoted = false;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
                row.back().push_back(line[++i]);
            } else if (line[i] == '"') {
                quoted = !quoted;
            } else if (line[i] == ',' && !quoted) {
                row.emplace_back();
            } else {
                row.back().push_back(line[i]);
            }
        }
    }
    return out;
}

value decimal_value(const std::string& text) {
    const auto parsed = irislink::parse_decimal(text);
    if (!parsed) throw std::runtime_error("'" + text + "' is not a number");
    return *parsed;
}

// 2012/01/31[ 10:00:00] as the data has it, 2012-01-31 as SQL wants it.
std::string iso_date(std::string text) {
    for (auto& c : text)
        if (c == '/') c = '-';
    return text;
}

struct data_set {
    std::string name;
    std::string file;
    std::string create;
    std::string insert;
    std::vector<value> (*convert)(const std::vector<std::string>& row);
};

std::vector<data_set> data_sets() {
    return {
        {"Airport", "airports.csv",
         "CREATE TABLE Demo.Airport (Code VARCHAR(4) PRIMARY KEY, Name VARCHAR(80), City VARCHAR(60), State VARCHAR(4), Country VARCHAR(60), "
         "Latitude DOUBLE, Longitude DOUBLE)",
         "INSERT INTO Demo.Airport VALUES (?,?,?,?,?,?,?)",
         [](const std::vector<std::string>& row) -> std::vector<value> {
             return {row.at(0), row.at(1), row.at(2), row.at(3), row.at(4), std::stod(row.at(5)), std::stod(row.at(6))};
         }},
        {"Weather", "seattle-weather.csv",
         "CREATE TABLE Demo.Weather (Day DATE PRIMARY KEY, Rain NUMERIC(6,1), High NUMERIC(5,1), Low NUMERIC(5,1), Wind NUMERIC(5,1), Sky VARCHAR(10))",
         "INSERT INTO Demo.Weather VALUES (?,?,?,?,?,?)",
         [](const std::vector<std::string>& row) -> std::vector<value> {
             return {iso_date(row.at(0)), decimal_value(row.at(1)), decimal_value(row.at(2)), decimal_value(row.at(3)), decimal_value(row.at(4)), row.at(5)};
         }},
        {"Temperature", "sf-temps.csv", "CREATE TABLE Demo.Temperature (At TIMESTAMP, Fahrenheit NUMERIC(5,1))", "INSERT INTO Demo.Temperature (Fahrenheit, At) VALUES (?,?)",
         [](const std::vector<std::string>& row) -> std::vector<value> { return {decimal_value(row.at(0)), iso_date(row.at(1))}; }},
    };
}

std::int64_t count_of(irislink::connection& db, const std::string& table) {
    auto rows = db.query("SELECT COUNT(*) FROM " + table);
    return rows.next() ? rows.current().get<std::int64_t>(0) : -1;
}

bool load(irislink::connection& db, const data_set& set, const std::filesystem::path& data) {
    const auto source = read_csv(data / set.file);
    std::vector<std::vector<value>> rows;
    for (const auto& each : source) rows.push_back(set.convert(each));
    db.execute(set.create);
    const auto start = std::chrono::steady_clock::now();
    const auto done = db.batch(set.insert, rows);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (done.failure) std::cout << "  " << done.failure->message() << "\n";
    const auto stored = count_of(db, "Demo." + set.name);
    const bool right = !done.failure && stored == static_cast<std::int64_t>(source.size()) && done.total() == stored;
    std::cout << "  " << std::left << std::setw(12) << set.name << std::right << std::setw(6) << stored << " rows, " << std::setw(8)
              << static_cast<std::int64_t>(static_cast<double>(stored) / took.count()) << " rows/s" << (right ? "" : "   <-- WRONG") << "\n";
    return right;
}

bool ask(irislink::connection& db, const std::string& question, const std::string& sql, const std::string& expected) {
    std::cout << "\n" << question << "\n  " << sql << "\n";
    std::string first;
    auto rows = db.query(sql);
    while (rows.next()) {
        std::string line;
        for (std::size_t i = 0; i < rows.columns().size(); ++i) line += (i > 0 ? ", " : "") + rows.current().text(i).value_or("NULL");
        if (first.empty()) first = line;
        std::cout << "    " << line << "\n";
    }
    const bool right = first == expected;
    if (!right) std::cout << "    <-- WRONG: the data itself says " << expected << "\n";
    return right;
}

}  // namespace

bool load_and_ask(irislink::connection& db, const std::filesystem::path& data) {
    std::cout << "Loading, by batch insert\n";
    bool all = true;
    for (const auto& each : data_sets()) all = load(db, each, data) && all;

    // The answers, computed from the files without SQL.
    const auto airports = read_csv(data / "airports.csv");
    std::map<std::string, int> by_state;
    int texas_b = 0;
    for (const auto& row : airports) {
        ++by_state[row[3]];
        texas_b += row[3] == "TX" && (row[2].starts_with("B") || row[2].starts_with("b"));
    }
    const auto most = std::ranges::max_element(by_state, {}, [](const auto& each) { return each.second; });
    const auto weather = read_csv(data / "seattle-weather.csv");
    std::map<std::string, std::pair<int, long>> rain;  // year: days, tenths
    std::string wettest;
    double wettest_rain = -1;
    for (const auto& row : weather) {
        auto& year = rain[row[0].substr(0, 4)];
        const auto amount = std::stod(row[1]);
        year.first += row[5] == "rain";
        year.second += std::lround(amount * 10);
        if (amount > wettest_rain) {
            wettest_rain = amount;
            wettest = iso_date(row[0]);
        }
    }
    const auto temperatures = read_csv(data / "sf-temps.csv");
    double warmest = -1000;
    for (const auto& row : temperatures) warmest = std::max(warmest, std::stod(row[0]));
    const auto plain = [](long tenths) {
        std::ostringstream out;
        out << tenths / 10;
        if (tenths % 10 != 0) out << "." << tenths % 10;
        return out.str();
    };

    all = ask(db, "Which states have the most airports?", "SELECT TOP 3 State, COUNT(*) AS Airports FROM Demo.Airport GROUP BY State ORDER BY Airports DESC, State",
              most->first + ", " + std::to_string(most->second)) && all;
    all = ask(db, "How many airports stand in Texan cities whose names begin with B?", "SELECT COUNT(*) FROM Demo.Airport WHERE State = 'TX' AND City %STARTSWITH 'b'",
              std::to_string(texas_b)) && all;
    all = ask(db, "How wet was each year in Seattle?",
              "SELECT YEAR(Day) AS Y, SUM(CASE WHEN Sky = 'rain' THEN 1 ELSE 0 END) AS RainyDays, SUM(Rain) AS Millimetres FROM Demo.Weather GROUP BY YEAR(Day) ORDER BY Y",
              rain.begin()->first + ", " + std::to_string(rain.begin()->second.first) + ", " + plain(rain.begin()->second.second)) && all;
    all = ask(db, "When was the wettest day?", "SELECT Day, Rain FROM Demo.Weather WHERE Rain = (SELECT MAX(Rain) FROM Demo.Weather)", wettest + ", " + plain(std::lround(wettest_rain * 10))) && all;
    all = ask(db, "What was the warmest hour in San Francisco?", "SELECT MAX(Fahrenheit) FROM Demo.Temperature WHERE At >= {ts '2010-01-01 00:00:00'}", plain(std::lround(warmest * 10))) && all;
    return all;
}

}  // namespace demo
