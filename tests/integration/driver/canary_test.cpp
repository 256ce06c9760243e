// Canaries: passwords, tokens, one-time codes and a key passphrase that are planted, used in good and bad
// logins over every line, and then looked for: in what people are told, in logs, traces and output
// connection strings, and in the memory of this process after everything was closed. This file keeps its
// own copies XORed; what has to hold them in plain (certificates, files) is made by a process of its own.

#include <execinfo.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <thread>

#include "irislink/connection_pool.hpp"
#include "irislink/irislink.hpp"
#include "tests/support/access_token/token_maker.hpp"
#include "tests/support/accounts/accounts.hpp"
#include "tests/support/certificates/certificates.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/secret_hunt/secret_hunt.hpp"
#include "tests/support/small_kdc/small_kdc.hpp"

namespace irislink::test {
namespace {

// Memory that C++ code gives back is looked at before it goes: what is found there was not wiped by its
// owner, even when the next owner overwrites it in no time. `watched` is set while a test wants that.
std::atomic<const secret_hunt*> watched{nullptr};

struct careless_owner {
    const char* name{nullptr};
    std::array<void*, 16> trace{};
    int depth{0};
};

std::array<careless_owner, 32> careless;
std::atomic<std::size_t> careless_count{0};

void look_at(void* block) noexcept {
    const auto* const hunt = watched.load();
    if (hunt == nullptr || block == nullptr) return;
    const auto* const name = hunt->first_in({static_cast<const char*>(block), ::malloc_usable_size(block)});
    if (name == nullptr) return;
    const auto at = careless_count.fetch_add(1);
    if (at >= careless.size()) return;
    careless[at].name = name;
    careless[at].depth = ::backtrace(careless[at].trace.data(), static_cast<int>(careless[at].trace.size()));
}

class freed_memory_watch {
public:
    explicit freed_memory_watch(const secret_hunt& hunt) {
        void* warm = nullptr;
        (void)::backtrace(&warm, 1); // loads what it needs
        careless_count = 0;
        watched = &hunt;
    }

    ~freed_memory_watch() { watched = nullptr; }

    freed_memory_watch(const freed_memory_watch&) = delete;
    freed_memory_watch& operator=(const freed_memory_watch&) = delete;

    // What was given back with a secret in it since the last time, and from where.
    static std::string found() {
        const auto* const hunt = watched.exchange(nullptr);
        const auto count = std::min(careless_count.exchange(0), careless.size());
        std::ostringstream out;
        for (std::size_t i = 0; i < count; ++i) {
            out << careless[i].name << " in memory given back by";
            for (int k = 2; k < careless[i].depth; ++k) out << " " << careless[i].trace[static_cast<std::size_t>(k)];
            out << "\n";
        }
        watched = hunt;
        return out.str();
    }
};

std::string shown(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& each : all) out += each + "\n";
    return out;
}

// Text with secrets in it, which does not outlive this object. Never grows.
class secret_text {
public:
    secret_text() { text_.reserve(8192); }

    ~secret_text() { wipe(); }

    secret_text(const secret_text&) = delete;
    secret_text& operator=(const secret_text&) = delete;

    secret_text& add(std::string_view piece) {
        text_.insert(text_.end(), piece.begin(), piece.end());
        return *this;
    }

    secret_text& add(const planted_secret& piece) {
        piece.use([this](std::string_view text) { add(text); });
        return *this;
    }

    [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), text_.size()}; }

    void wipe() noexcept {
        wire::secure_zero(text_.data(), text_.size());
        text_.clear();
    }

private:
    std::vector<char> text_;
};

struct canaries {
    planted_secret password{"Pw-", 40};
    planted_secret short_password{"Ps-", 13}; // fits into the small buffer of a string
    planted_secret wrong_password{"Wr-", 24};
    planted_secret claim{"Tk-", 24}; // of a good token
    planted_secret bad_token{"Tb-", 60};
    planted_secret bad_code{"Cd-", 20};
    planted_secret passphrase{"Ph-", 24};

    static void add(secret_hunt& to, const std::string& name, const planted_secret& secret) {
        secret.use([&](std::string_view text) {
            to.add(name, text, 10);
            to.add_pieces(name, text, 8);
        });
    }

    void add_all(secret_hunt& to) const {
        add(to, "password", password);
        add(to, "short password", short_password);
        add(to, "wrong password", wrong_password);
        add(to, "token's claim", claim);
        add(to, "bad token", bad_token);
        add(to, "bad code", bad_code);
        add(to, "passphrase", passphrase);
    }
};

// Makes what cannot be made without plain copies, in a process that lives as long as this object.
class file_maker {
public:
    explicit file_maker(const canaries& secrets) {
        std::string name = (std::filesystem::temp_directory_path() / "irislink-canary-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = name;
        int ready[2];
        int end[2];
        if (::pipe(ready) != 0 || ::pipe(end) != 0) throw std::runtime_error("no pipe");
        child_ = ::fork();
        if (child_ == 0) {
            ::close(ready[0]);
            ::close(end[1]);
            try {
                make(secrets, ready[1], end[0]);
            } catch (const std::exception& failed) {
                std::fprintf(stderr, "%s\n", failed.what());
                ::_exit(1);
            }
            ::_exit(0);
        }
        ::close(ready[1]);
        ::close(end[0]);
        end_ = end[1];
        char c = 0;
        const bool made = ::read(ready[0], &c, 1) == 1;
        ::close(ready[0]);
        if (!made) throw std::runtime_error("the files of the canaries could not be made");
    }

    ~file_maker() {
        ::close(end_);
        ::waitpid(child_, nullptr, 0);
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    file_maker(const file_maker&) = delete;
    file_maker& operator=(const file_maker&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }

private:
    void make(const canaries& secrets, int ready, int end) const {
        certificate_folder authority;
        const auto copy = [this](const std::string& from, const std::string& to) { std::filesystem::copy_file(from, folder_ / to); };
        const auto server = authority.server({"localhost"});
        copy(authority.ca_file(), "ca.pem");
        copy(server.certificate_file(), "server.pem");
        copy(server.key_file(), "server.key");
        const auto client = secrets.passphrase.use([&](std::string_view text) { return authority.client("canary", std::string(text)); });
        copy(client.certificate_file(), "client.pem");
        copy(client.key_file(), "client.key");
        const auto key = signing_key::ed25519();
        std::ofstream(folder_ / "token.key") << key.pem();
        secrets.claim.use([&](std::string_view text) {
            std::ofstream(folder_ / "token") << make_token(
                key,
                R"({"iss":"canary","aud":"iris","sub":"demo","exp":)" + std::to_string(std::time(nullptr) + 3600) + R"(,"c":")" + std::string(text) + R"("})"
            );
        });
        secrets.password.use([&](std::string_view text) {
            std::ofstream(folder_ / "odbc.ini") << "[other]\nHost=h\n[canary]\nHost = 127.0.0.1\nNamespace = USER\nUID = demo\nPassword = " << text << "\n";
        });
        secrets.passphrase.use([&](std::string_view text) {
            std::ofstream(folder_ / "SSLDefs.ini") << "[tls]\nTLSMinVersion=16\nTLSMaxVersion=32\nVerifyPeer=1\nVerifyHost=0\nCAfile=" << path("ca.pem")
                                                   << "\nCertFile=" << path("client.pem") << "\nKeyFile=" << path("client.key") << "\nPassword=" << text
                                                   << "\n";
        });
        if (::write(ready, "x", 1) != 1) ::_exit(1);
        char c = 0;
        (void)!::read(end, &c, 1);
    }

    std::filesystem::path folder_;
    pid_t child_{0};
    int end_{-1};
};

class Canary : public ::testing::Test {
protected:
    Canary() : files_(secrets_) {
        secrets_.add_all(hunt_);
        const auto hash = [](const planted_secret& of) { return of.use([](std::string_view text) { return password_hash(text); }); };
        server_ = std::make_unique<sandbox_runner>(
            "[server]\nhash_iterations = 1000\n[security]\ninvalid_login_limit = 0\n[tls]\nmode = \"enabled\"\ncertificate = \"" + files_.path("server.pem") +
                "\"\nkey = \"" + files_.path("server.key") + "\"\nclient_certificate = \"request\"\nca_file = \"" + files_.path("ca.pem") +
                "\"\n[kerberos]\nkeytab = \"" + kdc_.keytab() +
                "\"\n[two_factor]\ntotp = true\n[access_tokens]\nissuer = \"canary\"\naudience = \"iris\"\npublic_keys = [\"" + files_.path("token.key") +
                "\"]\n[audit]\nfile = \"" + files_.path("audit.jsonl") + "\"\n[users.demo]\npassword = \"" + hash(secrets_.password) +
                "\"\n[users.short]\npassword = \"" + hash(secrets_.short_password) + "\"\n[users.coded]\npassword = \"" + hash(secrets_.password) +
                "\"\ntwo_factor = \"totp\"\ntotp_key = \"" + key_ + "\"\n[users.alice]\ntwo_factor = \"totp\"\ntotp_key = \"" + key_ + "\"\n",
            whole_config
        );
    }

    [[nodiscard]] std::string where() const { return "Server=127.0.0.1;Port=" + std::to_string(server_->port()) + ";Database=USER;"; }

    [[nodiscard]] std::string tls(bool certificate = true) const {
        return "TlsMode=verify-full;TlsHostName=localhost;TlsCaFile=" + files_.path("ca.pem") + ";" +
               (certificate ? "TlsCertFile=" + files_.path("client.pem") + ";TlsKeyFile=" + files_.path("client.key") + ";" : "");
    }

    [[nodiscard]] std::string kerberos(int level) const {
        return "Security Level=" + std::to_string(level) + ";Service Principal Name=iris/localhost;KerberosCcache=" + kdc_.cache() + ";";
    }

    // Connects, asks who one is, closes. Whatever is said on the way is kept. "" or the SQLSTATE.
    std::string try_it(connect_options from) {
        from.set("TraceFile", files_.path("trace"));
        from.log([this](int, std::string_view line) { told_ += std::string(line) + "\n"; });
        told_ += from.to_string() + "\n";
        for (const auto& each : from.settings()) told_ += each.keyword + "=" + each.shown + " from " + each.origin + "\n";
        for (const auto& each : from.warnings().records()) told_ += each.message() + each.hint + "\n";
        try {
            connection db(from);
            auto rows = db.query("SELECT $USERNAME");
            (void)rows.next();
            return "";
        } catch (const error& failed) {
            told_ += std::string(failed.what()) + " " + failed.text() + " " + failed.hint() + "\n";
            return failed.sqlstate();
        }
    }

    // The options that `target` and `change` make, which are gone before this returns, as `target` is.
    std::string try_text(secret_text& target, const std::function<void(connect_options&)>& change = {}) {
        std::string out;
        {
            connect_options from(target.view());
            if (change) change(from);
            out = try_it(std::move(from));
        }
        target.wipe();
        look_into_memory(out);
        return out;
    }

    std::string try_malformed(secret_text& target) {
        std::string out;
        try {
            const connect_options from(target.view());
        } catch (const error& failed) {
            told_ += std::string(failed.what()) + failed.hint() + "\n";
            out = failed.sqlstate();
        }
        target.wipe();
        look_into_memory(out);
        return out;
    }

    // While nothing of a connection is left, and what it had may not yet be overwritten by the next.
    void look_into_memory(const std::string& after) {
        ++attempts_;
        EXPECT_EQ(freed_memory_watch::found(), "") << "during connection " << attempts_ << ", which ended with '" << after << "'";
        EXPECT_EQ(shown(hunt_.found_in_memory()), "") << "after connection " << attempts_ << ", which ended with '" << after << "'";
        EXPECT_EQ(found_in_the_sandbox(), "") << "in the sandbox after connection " << attempts_ << ", which ended with '" << after << "'";
    }

    [[nodiscard]] static std::function<void(connect_options&)> set(const char* keyword, const planted_secret& value) {
        return [keyword, &value](connect_options& in) { value.use([&](std::string_view text) { in.set(keyword, text); }); };
    }

    static std::string content_of(const std::string& file) {
        std::ostringstream out;
        out << std::ifstream(file).rdbuf();
        return out.str();
    }

    // The server's end of a session may come a moment after the client's.
    [[nodiscard]] std::string found_in_the_sandbox() const {
        std::string out;
        for (int i = 0; i < 5; ++i) {
            out = shown(hunt_.found_in_memory(server_->process()));
            if (out.empty()) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return out;
    }

    void log_in_every_way();
    void log_in_with_the_right_code();

    const std::string key_{totp_key()};
    canaries secrets_;
    secret_hunt hunt_;
    file_maker files_;
    small_kdc kdc_;
    std::unique_ptr<sandbox_runner> server_;
    std::string told_;
    int attempts_{0};
};

void Canary::log_in_every_way() {
    const auto name = [this](const std::string& more) { return where() + more; };
    // Passwords: as a connection string, in braces, as a URI, by set(), and from a data source.
    for (const auto& line : {std::string("Security Level=0;"), tls()}) {
        const auto with_key = [&](connect_options& in) {
            if (line != "Security Level=0;") set("TlsKeyPassword", secrets_.passphrase)(in);
        };
        const auto attempt = [&](const char* user, const planted_secret& password, const char* expected) {
            EXPECT_EQ(try_text(secret_text().add(name(line)).add("UID=").add(user).add(";PWD=").add(password).add(";"), with_key), expected);
            EXPECT_EQ(try_text(secret_text().add("UID=").add(user).add(";PWD={").add(password).add("};").add(name(line)), with_key), expected);
            EXPECT_EQ(
                try_text(secret_text().add(name(line)).add("UID=").add(user), [&](connect_options& in) { with_key(in), set("PWD", password)(in); }), expected
            );
        };
        attempt("demo", secrets_.password, "");
        attempt("short", secrets_.short_password, "");
        attempt("demo", secrets_.wrong_password, "28000");
        attempt("nobody", secrets_.password, "28000");
    }
    const auto port = std::to_string(server_->port());
    for (const auto* const password : {&secrets_.password, &secrets_.wrong_password})
        EXPECT_EQ(
            try_text(secret_text().add("iris://demo:").add(*password).add("@127.0.0.1:" + port + "/USER?ApplicationName=canary")),
            password == &secrets_.password ? "" : "28000"
        );
    ::setenv("ODBCINI", files_.path("odbc.ini").c_str(), 1);
    EXPECT_EQ(try_text(secret_text().add("DSN=canary;Port=" + port)), "");
    ::unsetenv("ODBCINI");

    // The passphrase: by keyword, wrong, by callback, and from the TLS settings file.
    const auto over_tls = name(tls());
    EXPECT_EQ(try_text(secret_text().add(over_tls).add("UID=demo;PWD=").add(secrets_.password).add(";TlsKeyPassword=").add(secrets_.passphrase)), "");
    EXPECT_EQ(try_text(secret_text().add(over_tls).add("UID=demo;PWD=").add(secrets_.password).add(";TlsKeyPassword=").add(secrets_.wrong_password)), "08S01");
    EXPECT_EQ(
        try_text(
            secret_text().add(over_tls).add("UID=demo;PWD=").add(secrets_.password),
            [this](connect_options& in) {
                in.key_password([this] { return secrets_.passphrase.use([](std::string_view text) { return std::string(text); }); });
            }
        ),
        ""
    );
    ::setenv("ISC_SSLconfigurations", files_.path("SSLDefs.ini").c_str(), 1);
    EXPECT_EQ(try_text(secret_text().add(where() + "TlsConfig=tls;UID=demo;PWD=").add(secrets_.password)), "");
    ::unsetenv("ISC_SSLconfigurations");

    // Codes, over every line: planted ones, which are wrong, and good ones of another program.
    for (const auto& line : {std::string("Security Level=0;"), tls(false), kerberos(1), kerberos(2), kerberos(3)}) {
        const auto coded = [&](secret_text& target) -> secret_text& { return target.add(name(line)).add("UID=coded;PWD=").add(secrets_.password).add(";"); };
        secret_text first;
        EXPECT_EQ(try_text(coded(first), set("TwoFactorToken", secrets_.bad_code)), "28000") << line;
        secret_text second;
        EXPECT_EQ(
            try_text(
                coded(second), [this](connect_options& in
                               ) { in.two_factor([this] { return secrets_.bad_code.use([](std::string_view text) { return std::string(text); }); }); }
            ),
            "28000"
        ) << line;
    }
    EXPECT_EQ(
        try_text(secret_text().add(name(tls(false))).add("UID=coded;PWD=").add(secrets_.password).add(";TwoFactorCommand=oathtool --totp -b " + key_)), ""
    );

    // Tokens: as a keyword, from a file, from a callback.
    for (const auto& line : {std::string("Security Level=0;"), tls(false), kerberos(1), kerberos(3)}) {
        EXPECT_EQ(try_text(secret_text().add(name(line)).add("AccessToken=").add(secrets_.bad_token)), "28000") << line;
        EXPECT_EQ(try_text(secret_text().add(name(line)).add("AccessTokenFile=" + files_.path("token"))), "") << line;
        EXPECT_EQ(
            try_text(
                secret_text().add(name(line)),
                [this](connect_options& in) {
                    in.access_token([this] { return secrets_.bad_token.use([](std::string_view text) { return std::string(text); }); });
                }
            ),
            "28000"
        ) << line;
    }

    // A pool, whose key is made of all of the settings, and a reconnect.
    {
        secret_text target;
        target.add(over_tls).add("UID=demo;PWD=").add(secrets_.password).add(";TlsKeyPassword=").add(secrets_.passphrase);
        connection_pool pool(connect_options(target.view()));
        const auto first = pool.acquire();
        const auto second = pool.acquire();
        told_ += pool.key() + "\n";
    }
    // Targets that are malformed behind a password.
    for (const auto* const rest : {";oops", "};x", ";PWD={x"}) {
        secret_text target;
        target.add("UID=demo;PWD=").add(secrets_.short_password).add(";AccessToken=").add(secrets_.password).add(rest);
        EXPECT_EQ(try_malformed(target), "HY024") << rest;
    }
    for (const auto* const rest : {"@h/%", "@h?x", "%zz@h"}) {
        secret_text target;
        target.add("iris://demo:").add(secrets_.short_password).add(rest);
        EXPECT_EQ(try_malformed(target), "HY024") << rest;
    }
    // Lines that do not come to be: no server, another authority, a contradiction.
    EXPECT_EQ(try_text(secret_text().add("Server=127.0.0.1;Port=1;UID=demo;PWD=").add(secrets_.password)), "08001");
    EXPECT_EQ(try_text(secret_text().add(where() + "TlsMode=verify-full;UID=demo;PWD=").add(secrets_.password)), "08S01");
    EXPECT_EQ(try_text(secret_text().add(where() + "TlsMode=verify-full;Security Level=3;UID=demo;PWD=").add(secrets_.password)), "HY000");
}

// The code that the user's program shows now, as another program makes it.
planted_secret code_of(const std::string& key) {
    const std::unique_ptr<FILE, int (*)(FILE*)> program(::popen(("oathtool --totp -b " + key).c_str(), "r"), ::pclose);
    std::array<char, 6> code{};
    // Not through the buffer of the stream.
    for (std::size_t have = 0; have < code.size();) {
        const auto got = ::read(::fileno(program.get()), code.data() + have, code.size() - have);
        if (got <= 0) throw std::runtime_error("oathtool made no code");
        have += static_cast<std::size_t>(got);
    }
    planted_secret out(std::string_view(code.data(), code.size()));
    wire::secure_zero(code.data(), code.size());
    return out;
}

// Six digits are somewhere in any process. They are looked for where they were used: in memory that is
// given back.
void Canary::log_in_with_the_right_code() {
    const auto code = code_of(key_);
    secret_hunt hunt;
    code.use([&](std::string_view text) { hunt.add("right code", text, 6); });
    const freed_memory_watch watch(hunt);
    // In the long trace of all connections six digits would turn up by chance every now and then.
    const auto told_before = content_of(files_.path("trace")).size();
    {
        connect_options from(where() + kerberos(3));
        set("TwoFactorToken", code)(from);
        EXPECT_EQ(try_it(from), "");
    }
    EXPECT_EQ(freed_memory_watch::found(), "");
    EXPECT_EQ(shown(hunt.found_in(content_of(files_.path("trace")).substr(told_before))), "");
}

TEST_F(Canary, NothingPlantedIsFoundAnywhereAfterwards) {
    EXPECT_EQ(shown(hunt_.found_in_memory()), "") << "before anything was done: the test itself";
    {
        const freed_memory_watch watch(hunt_);
        log_in_every_way();
    }
    log_in_with_the_right_code();
    EXPECT_EQ(shown(hunt_.found_in(told_)), "");
    EXPECT_EQ(shown(hunt_.found_in(content_of(files_.path("trace")))), "");
    EXPECT_EQ(shown(hunt_.found_in_memory()), "");
    // That its memory can be looked at is shown by what must be there.
    secret_hunt known;
    known.add("password's hash", secrets_.password.use([](std::string_view text) { return password_hash(text); }));
    EXPECT_FALSE(known.found_in_memory(server_->process()).empty());
    EXPECT_TRUE(server_->end());
    EXPECT_EQ(shown(hunt_.found_in(server_->log())), "");
    EXPECT_EQ(shown(hunt_.found_in(content_of(files_.path("audit.jsonl")))), "");
    // There was something to search.
    EXPECT_NE(told_.find("login"), std::string::npos);
    EXPECT_NE(content_of(files_.path("trace")).find("withheld"), std::string::npos);
    EXPECT_NE(content_of(files_.path("audit.jsonl")).find("LoginFailure"), std::string::npos);
}

char in_static_memory[64];

// The scan finds what is there: on the heap, on the stack and in static memory; in every shape; and no
// longer when it was wiped.
TEST_F(Canary, TheScanFindsAPlantedCopy) {
    const planted_secret bait("Bt-", 32);
    secret_hunt hunt;
    bait.use([&](std::string_view text) { hunt.add("bait", text); });
    EXPECT_EQ(shown(hunt.found_in_memory()), "");
    char on_the_stack[64] = {};
    auto on_the_heap = std::make_unique<std::array<char, 64>>();
    bait.use([&](std::string_view text) {
        std::memcpy(on_the_stack, text.data(), text.size());
        for (std::size_t i = 0; i < text.size() && 2 * i < on_the_heap->size(); ++i) (*on_the_heap)[2 * i] = text[i];
        std::memcpy(in_static_memory, text.data(), text.size());
    });
    const auto found = shown(hunt.found_in_memory());
    EXPECT_NE(found.find("bait (plain) in [stack]"), std::string::npos) << found;
    EXPECT_NE(found.find("bait (UTF-16) in"), std::string::npos) << found;
    EXPECT_EQ(hunt.found_in_memory().size(), 3U) << found;
    wire::secure_zero(on_the_stack, sizeof on_the_stack);
    wire::secure_zero(on_the_heap->data(), on_the_heap->size());
    wire::secure_zero(in_static_memory, sizeof in_static_memory);
    EXPECT_EQ(shown(hunt.found_in_memory()), "");
    // What a freed copy keeps: its first bytes are the allocator's by then.
    secret_hunt pieces;
    bait.use([&](std::string_view text) { pieces.add_pieces("bait", text, 8); });
    bait.use([&](std::string_view text) { std::memcpy(in_static_memory + 16, text.data() + 16, 11); });
    EXPECT_NE(shown(pieces.found_in_memory()).find("bait from character 16 (plain)"), std::string::npos);
    wire::secure_zero(in_static_memory, sizeof in_static_memory);
    EXPECT_EQ(shown(pieces.found_in_memory()), "");
}

} // namespace
} // namespace irislink::test

void* operator new(std::size_t size) {
    if (void* const out = std::malloc(size == 0 ? 1 : size)) return out;
    throw std::bad_alloc();
}

void operator delete(void* block) noexcept {
    irislink::test::look_at(block);
    std::free(block);
}

void operator delete(void* block, std::size_t) noexcept {
    operator delete(block);
}
