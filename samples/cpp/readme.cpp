#include <irislink/irislink.hpp>

#include <iostream>

int main(int argc, char** argv) {
    try {
        irislink::connection db(argc > 1 ? argv[1] : "iris://demo:demo@localhost:1972/USER");
        db.execute("create table if not exists Planet (Name varchar(20), Mass numeric(8,3))");
        db.execute("insert into Planet values (?, ?)", "Mars 🚀", irislink::decimal{642, -3});
        for (const auto& row : db.query("select Name, Mass from Planet where Mass < ?", 1))
            std::cout << row.get<std::string>("Name") << ": " << row.get<double>(1) << "\n";
    } catch (const irislink::error& failed) {
        std::cerr << failed.what() << "\n";
        return 1;
    }
}
