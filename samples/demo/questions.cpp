#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <vector>

#include "samples/demo/csv.hpp"
#include "samples/demo/demo.hpp"

namespace demo {
namespace {

using irislink::value;

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
        {"Temperature", "sf-temps.csv", "CREATE TABLE Demo.Temperature (At TIMESTAMP, Fahrenheit NUMERIC(5,1))",
         "INSERT INTO Demo.Temperature (Fahrenheit, At) VALUES (?,?)",
         [](const std::vector<std::string>& row) -> std::vector<value> {
             return {decimal_value(row.at(0)), iso_date(row.at(1))};
         }},
    };
}

std::int64_t count_of(irislink::connection& db, const std::string& table) {
    auto rows = db.query("SELECT COUNT(*) FROM " + table);
    return rows.next() ? rows.current().get<std::int64_t>(0) : -1;
}

bool load(irislink::connection& db, const data_set& set, const std::filesystem::path& data) {
    const auto source = read_csv(data / set.file);
    std::vector<std::vector<value>> rows;
    rows.reserve(source.size());
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

// The fronts that there are, each logged in.
struct asking {
    std::string front;
    std::unique_ptr<session> on;
};

using everybody = const std::vector<asking>&;

// What a front answers; its failure as an answer that is none.
std::vector<std::string> answer_of(const asking& each, const std::string& sql) {
    try {
        return each.on->ask(sql);
    } catch (const front_error& failed) {
        return {failed.sqlstate() + " " + failed.what()};
    }
}

// Asks through every front, shows the answer, and compares every row with what the files say.
bool ask(everybody fronts, const std::string& question, const std::string& sql, const std::vector<std::string>& expected) {
    std::cout << "\n" << question << "\n  " << sql << "\n";
    std::string agreed;
    bool all = true;
    for (const auto& each : fronts) {
        const auto lines = answer_of(each, sql);
        if (lines == expected) {
            agreed += (agreed.empty() ? "" : ", ") + each.front;
            continue;
        }
        all = false;
        std::cout << "    <-- WRONG: " << each.front << " says\n";
        for (const auto& line : lines) std::cout << "        " << line << "\n";
    }
    for (const auto& each : expected) std::cout << "    " << each << "\n";
    std::cout << "    (the files" << (agreed.empty() ? "" : ", " + agreed) << ")\n";
    return all;
}

// A number of tenths as SQL shows a NUMERIC: without zeros at the end.
std::string tenths(long in) {
    std::ostringstream out;
    out << (in < 0 ? "-" : "") << std::labs(in) / 10;
    if (in % 10 != 0) out << "." << std::labs(in) % 10;
    return out.str();
}

long tenths_of(const std::string& text) {
    return std::lround(std::stod(text) * 10);
}

bool ask_about_airports(everybody fronts, const std::filesystem::path& data) {
    const auto airports = read_csv(data / "airports.csv");
    std::map<std::string, int> by_state;
    std::map<std::string, const std::vector<std::string>*> northernmost;
    int texas_b = 0;
    for (const auto& row : airports) {
        ++by_state[row[3]];
        texas_b += row[3] == "TX" && (row[2].starts_with("B") || row[2].starts_with("b"));
        auto& best = northernmost[row[3]];
        if (best == nullptr || std::stod(row[5]) > std::stod((*best)[5])) best = &row;
    }
    std::vector<std::pair<std::string, int>> ranking(by_state.begin(), by_state.end());
    std::ranges::stable_sort(ranking, [](const auto& left, const auto& right) { return left.second > right.second; });
    std::vector<std::string> top;
    std::vector<std::string> north;
    for (std::size_t i = 0; i < 3; ++i) top.push_back(ranking[i].first + ", " + std::to_string(ranking[i].second));
    for (const auto* const state : {"AK", "CA", "TX"})
        north.push_back(std::string(state) + ", " + (*northernmost[state])[0] + ", " + (*northernmost[state])[1]);
    bool all =
        ask(fronts, "Which states have the most airports?",
            "SELECT TOP 3 State, COUNT(*) AS Airports FROM Demo.Airport GROUP BY State ORDER BY Airports DESC, State", top);
    all = ask(fronts, "How many airports stand in Texan cities whose names begin with B?",
              "SELECT COUNT(*) FROM Demo.Airport WHERE State = 'TX' AND City %STARTSWITH 'b'", {std::to_string(texas_b)}) &&
          all;
    return ask(fronts, "Which is the northernmost airport of Alaska, California and Texas?",
               "SELECT a.State, a.Code, a.Name FROM Demo.Airport a JOIN (SELECT State, MAX(Latitude) AS North FROM Demo.Airport GROUP BY State) n "
               "ON n.State = a.State AND n.North = a.Latitude WHERE a.State IN ('AK', 'CA', 'TX') ORDER BY a.State",
               north) &&
           all;
}

bool ask_about_weather(everybody fronts, const std::filesystem::path& data) {
    const auto weather = read_csv(data / "seattle-weather.csv");

    struct year {
        int rainy{0};
        long rain{0};
    };

    std::map<std::string, year> years;
    std::vector<std::string> wettest;
    long most = -1;
    int rain_after_rain = 0;
    for (std::size_t i = 0; i < weather.size(); ++i) {
        const auto& row = weather[i];
        auto& in = years[row[0].substr(0, 4)];
        in.rainy += row[5] == "rain";
        in.rain += tenths_of(row[1]);
        // The file has every day, in order.
        rain_after_rain += i > 0 && row[5] == "rain" && weather[i - 1][5] == "rain";
        if (tenths_of(row[1]) >= most) {
            if (tenths_of(row[1]) > most) wettest.clear();
            most = tenths_of(row[1]);
            wettest.push_back(iso_date(row[0]) + ", " + tenths(most));
        }
    }
    std::vector<std::string> each_year;
    each_year.reserve(years.size());
    for (const auto& [name, in] : years) each_year.push_back(name + ", " + std::to_string(in.rainy) + ", " + tenths(in.rain));
    bool all =
        ask(fronts, "How wet was each year in Seattle?",
            "SELECT YEAR(Day) AS Y, SUM(CASE WHEN Sky = 'rain' THEN 1 ELSE 0 END) AS RainyDays, SUM(Rain) AS Millimetres "
            "FROM Demo.Weather GROUP BY YEAR(Day) ORDER BY Y",
            each_year);
    all = ask(fronts, "When was the wettest day?", "SELECT Day, Rain FROM Demo.Weather WHERE Rain = (SELECT MAX(Rain) FROM Demo.Weather) ORDER BY Day",
              wettest) &&
          all;
    return ask(fronts, "How often did a rainy day follow a rainy day?",
               "SELECT COUNT(*) FROM Demo.Weather a JOIN Demo.Weather b ON b.Day = CAST(DATEADD('day', 1, a.Day) AS DATE) WHERE a.Sky = 'rain' AND b.Sky = "
               "'rain'",
               {std::to_string(rain_after_rain)}) &&
           all;
}

bool ask_about_temperatures(everybody fronts, const std::filesystem::path& data) {
    std::map<int, long> warmest;
    for (const auto& row : read_csv(data / "sf-temps.csv")) {
        const auto month = std::stoi(row[1].substr(5, 2));
        const auto found = warmest.try_emplace(month, -10'000).first;
        found->second = std::max(found->second, tenths_of(row[0]));
    }
    std::vector<std::pair<int, long>> ranking(warmest.begin(), warmest.end());
    std::ranges::stable_sort(ranking, [](const auto& left, const auto& right) { return left.second > right.second; });
    std::vector<std::string> top;
    for (std::size_t i = 0; i < 3; ++i) top.push_back(std::to_string(ranking[i].first) + ", " + tenths(ranking[i].second));
    return ask(
        fronts, "Which months had the warmest hours in San Francisco?",
        "SELECT TOP 3 MONTH(At) AS M, MAX(Fahrenheit) AS Warmest FROM Demo.Temperature WHERE At >= {ts '2010-01-01 00:00:00'} "
        "GROUP BY MONTH(At) ORDER BY Warmest DESC, M",
        top
    );
}

} // namespace

bool load_and_ask(irislink::connection& db, const login& in, const std::filesystem::path& data) {
    std::cout << "Loading, by batch insert\n";
    bool all = true;
    for (const auto& each : data_sets()) all = load(db, each, data) && all;
    std::vector<asking> sessions;
    for (const auto& each : fronts())
        if (each.open) sessions.push_back({each.name, each.open(in)});
    // The answers are computed from the files too, without SQL.
    all = ask_about_airports(sessions, data) && all;
    all = ask_about_weather(sessions, data) && all;
    return ask_about_temperatures(sessions, data) && all;
}

} // namespace demo
