#include "driver/config/keywords.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace irislink::driver {
namespace {

using enum keyword_type;

// clang-format off
constexpr std::array table{
    keyword{"Server", "Host;Address", text, "127.0.0.1", "host, host:port, or several separated by commas", "Server to connect to. Several are tried in order until one answers; a refused login is not retried elsewhere."},
    keyword{"Port", "", number, "1972", "1 to 65535", "TCP port of the superserver."},
    keyword{"Database", "Namespace", text, "USER", "namespace", "Namespace to work in."},
    keyword{"UID", "User;User ID;Username", text, "", "user name", "User to log in as. An @ is passed through unchanged."},
    keyword{"PWD", "Password", secret, "", "text", "Password. Never shown, never part of an output connection string."},
    keyword{"Authentication Method", "", number, "0", "0 password, 1 Kerberos, 2 password over TLS", "The vendor's keyword; 2 always means Security Level 10."},
    keyword{"Security Level", "connection security level", level, "", "0, 1, 2, 3 or 10", "Protection of the connection: 0 none, 1 to 3 Kerberos, 10 TLS. Never lowered by the driver."},
    keyword{"Service Principal Name", "", text, "", "principal, such as iris/host.example.com", "Kerberos principal of the server, taken as given."},
    keyword{"SSL Server Name", "", text, "", "section of the TLS settings file", "Which TLS settings to use (levels 10)."},
    keyword{"ConnectTimeout", "Connection Timeout;Connect Timeout", duration, "10", "seconds", "Time for name resolution, TCP connect and the protection of the line together."},
    keyword{"LoginTimeout", "Login Timeout", duration, "15", "seconds", "Time from the first message to the end of the login."},
    keyword{"QueryTimeout", "", duration, "0", "seconds; 0: none", "Time a statement may take. Asked of the server, and enforced here should it not answer."},
    keyword{"Query Timeout", "", ignored, "", "0 or 1", "The vendor's switch: whether statement timeouts count. They always do."},
    keyword{"Disable Query Timeout", "", ignored, "", "0 or 1", "The vendor's switch; see Query Timeout."},
    keyword{"KeepAlive", "", boolean, "1", "0 or 1", "TCP keep-alive."},
    keyword{"ApplicationName", "Application Name;APP", text, "", "text", "Name the server logs. Default: the program's name."},
    keyword{"FetchBytes", "", number, "0", "bytes; 0: the server's choice", "Size of a result block."},
    keyword{"AutoCommit", "", boolean, "1", "0 or 1", "Whether each statement is a transaction of its own at the start."},
    keyword{"Isolation", "TransactionIsolationLevel;Transaction Isolation Level", number, "0", "0 server default, 1 READ UNCOMMITTED, 2 READ COMMITTED, 32 READ VERIFIED", "Isolation level at the start; checked against what the server says."},
    keyword{"FeatureOption", "Feature Option", number, "0", "0 or 1", "Feature bits to offer; 1 is fast select."},
    keyword{"StatementCache", "", number, "100", "statements; 0: none", "Prepared statements kept per connection, least recently used first out."},
    keyword{"TwoFactorToken", "", secret, "", "text", "One-time code for the second factor."},
    keyword{"TwoFactorCommand", "", text, "", "program and arguments", "Program that prints the one-time code; run without a shell, for at most 30 seconds."},
    keyword{"AllowTokenInClear", "", boolean, "0", "0 or 1", "Send one-time codes over an unprotected line that is not loopback."},
    keyword{"Trace", "", boolean, "0", "0 or 1", "Write a wire trace; messages with secrets are left out of it."},
    keyword{"TraceFile", "", text, "", "file", "Where the wire trace goes; given alone it also switches Trace on."},
    keyword{"DSN", "", text, "", "section of odbc.ini", "Data source to take settings from."},
    keyword{"Driver", "", ignored, "", "name or path", "For the ODBC driver manager."},
    keyword{"FILEDSN", "SAVEFILE", ignored, "", "file", "For the ODBC driver manager."},
    keyword{"Description", "Protocol", ignored, "", "text", "Not used."},
    keyword{"Static Cursors", "", ignored, "", "0 or 1", "The vendor's keyword; for the ODBC driver."},
    keyword{"Unicode SQLTypes", "", ignored, "", "0 or 1", "The vendor's keyword; for the ODBC driver."},
    keyword{"SQLDialect", "dialect", ignored, "", "0", "The vendor's keyword; only the IRIS dialect is spoken."},
    keyword{"StreamPrefetch", "", ignored, "", "0 to 100000", "The vendor's keyword; streams are read on demand."},
    keyword{"RecvBufferSize", "SendBufferSize;SO_RCVBUF;SO_SNDBUF;TCP_NODELAY", ignored, "", "bytes", "The vendor's keywords; the system sizes its buffers itself."},
    keyword{"DEBUG", "LOG;LOGFILE;Log File", ignored, "", "text", "The vendor's keywords for its log; see Trace."},
    keyword{"SharedMemory", "Option;PassThru", ignored, "", "0 or 1", "The vendor's keywords; never used."},
};
// clang-format on

std::string folded(std::string_view spelling) {
    std::string out;
    for (const char c : spelling)
        if (c != ' ' && c != '\t') out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    return out;
}

template <class Visit>
void each_spelling(const keyword& row, Visit visit) {
    visit(row.name);
    std::string_view rest = row.aliases;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        visit(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

std::size_t distance(const std::string& left, const std::string& right) {
    std::vector<std::size_t> row(right.size() + 1);
    for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const auto above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

}  // namespace

std::span<const keyword> keywords() noexcept {
    return table;
}

const keyword* find_keyword(std::string_view spelling) {
    // "Query Timeout" (the vendor's switch) and "QueryTimeout" (ours, seconds) differ in the blank
    // alone: an exact spelling wins before blanks are ignored.
    const auto lower = [](std::string_view in) {
        std::string out(in);
        for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return out;
    };
    for (const bool exact : {true, false}) {
        const auto wanted = exact ? lower(spelling) : folded(spelling);
        const keyword* found = nullptr;
        for (const auto& row : table)
            each_spelling(row, [&](std::string_view each) {
                if (found == nullptr && (exact ? lower(each) : folded(each)) == wanted) found = &row;
            });
        if (found != nullptr) return found;
    }
    return nullptr;
}

std::string_view nearest_keyword(std::string_view spelling) {
    const auto wanted = folded(spelling);
    std::string_view best = table.front().name;
    std::size_t least = wanted.size() + 100;
    for (const auto& row : table)
        each_spelling(row, [&](std::string_view each) {
            const auto d = distance(wanted, folded(each));
            if (d < least) {
                least = d;
                best = each;
            }
        });
    return best;
}

std::string keywords_markdown() {
    std::string out =
        "# Connection keywords\n\n"
        "Made from the keyword table in `driver/config/keywords.cpp` by `irislink keywords --markdown`.\n\n"
        "Keywords are matched without regard to case, those of several words with and without their blanks.\n"
        "An explicit setting beats the URI or connection string, that beats the DSN, that beats the default;\n"
        "`irislink doctor` shows which one won. An unknown keyword is a warning (01S00) naming the nearest known one.\n\n"
        "| keyword | other spellings | values | default | meaning |\n|---|---|---|---|---|\n";
    for (const auto& row : table) {
        std::string aliases(row.aliases);
        std::ranges::replace(aliases, ';', ',');
        out += "| `" + std::string(row.name) + "` | " + aliases + " | " + std::string(row.values) + " | " +
               std::string(row.standard) + " | " + std::string(row.description) +
               (row.type == ignored ? " Accepted, without effect." : "") + " |\n";
    }
    return out;
}

}  // namespace irislink::driver
