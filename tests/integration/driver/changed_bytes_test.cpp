// Every bit of a protected login, changed on its way; tokens cut short, too long and of no length. Both
// directions: once the client is to notice, once the sandbox, which goes on serving others.

#include <thread>

#include "tests/integration/driver/middle_fixture.hpp"

namespace irislink::test {
namespace {

using namespace std::string_literals;

std::string length_bytes(std::size_t size) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> static_cast<unsigned>(shift) & 0xFFU));
    return out;
}

class ChangedBytes : public MiddleFixture {
protected:
    // Where packets are: of the client, the preamble is 0, the ticket 1, HS 2, CN 3; of the server its
    // token is 0, the answers to HS and CN 1 and 2.
    static constexpr std::size_t last_to_server = 3;
    static constexpr std::size_t last_to_client = 2;

    // A tamper that hands packet `number` of this direction to `change`. What `change` gives back is the
    // last thing that goes there when `final`.
    static tamper_proxy::tamper change_packet(heading there, std::size_t number, const std::function<std::string(std::string)>& change, bool final = false) {
        return [=, reader = std::make_shared<packet_reader>(there)](proxy_line& line, heading where, std::string_view bytes) {
            if (where != there) {
                line.pass(where, bytes);
                return;
            }
            reader->feed(bytes, [&](std::size_t at, std::string packet) {
                line.pass(where, at == number ? change(std::move(packet)) : packet);
                if (at == number && final) line.end(where);
            });
        };
    }

    // A bit of a byte. A length that was made longer is followed by the end of the stream, so that nobody waits for
    // what does not come.
    static tamper_proxy::tamper change_byte(heading there, std::size_t number, std::size_t offset) {
        const auto change = [offset](std::string packet) {
            if (offset < packet.size()) packet[offset] = static_cast<char>(packet[offset] ^ 1 << offset % 8);
            return packet;
        };
        return change_packet(there, number, change, offset < 4);
    }

    // The sizes of the packets of an untouched login.
    static std::vector<std::size_t> packet_sizes(int level, heading there) {
        auto sizes = std::make_shared<std::vector<std::size_t>>();
        {
            tamper_proxy proxy(server(), [=, reader = std::make_shared<packet_reader>(there)](proxy_line& line, heading where, std::string_view bytes) {
                line.pass(where, bytes);
                if (where == there) reader->feed(bytes, [&](std::size_t, const std::string& packet) { sizes->push_back(packet.size()); });
            });
            connection db(options(proxy, kerberos(level)));
        }
        return *sizes;
    }

    // The login fails, whichever side noticed, at or after the step of the packet; nothing is given away.
    static void never_logs_in(const tamper_proxy& proxy, const std::string& protection) {
        auto from = options(proxy, protection);
        try {
            connection db(from);
            ADD_FAILURE() << "logged in over a line that was changed";
        } catch (const error& failed) {
            EXPECT_EQ(failed.sqlstate(), "08S01") << failed.what();
            EXPECT_TRUE(failed.step() == step::kerberos || failed.step() == step::hello || failed.step() == step::login) << failed.what();
            EXPECT_TRUE(failed.native_code() == 459 || failed.native_code() == 461) << failed.what();
            nothing_secret_in(failed.record());
        }
        nothing_secret_left(proxy);
    }

    static void still_serves() {
        tamper_proxy proxy(server());
        connection db(options(proxy, kerberos(3)));
        EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "alice");
    }

    // Jobs that wait for each other's network more than they compute.
    static void several_at_once(std::size_t count, const std::function<void(std::size_t)>& job) {
        std::atomic<std::size_t> next{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (auto at = next.fetch_add(1); at < count; at = next.fetch_add(1)) job(at);
            });
        for (auto& each : threads) each.join();
    }
};

// HS and CN on their way, and the answers to them: every byte, another bit each.
TEST_F(ChangedBytes, EveryByteOfAWrappedMessageCounts) {
    std::size_t tried = 0;
    for (const int level : {2, 3})
        for (const auto there : {heading::server, heading::client}) {
            const auto sizes = packet_sizes(level, there);
            const std::size_t first = there == heading::server ? 2 : 1;
            const std::size_t last = there == heading::server ? last_to_server : last_to_client;
            ASSERT_GT(sizes.size(), last);
            for (auto number = first; number <= last; ++number) {
                several_at_once(sizes[number], [&](std::size_t offset) {
                    SCOPED_TRACE("level " + std::to_string(level) + ", packet " + std::to_string(number) + ", byte " + std::to_string(offset));
                    tamper_proxy proxy(server(), change_byte(there, number, offset));
                    never_logs_in(proxy, kerberos(level));
                });
                tried += sizes[number];
            }
        }
    EXPECT_GT(tried, 600U);
    still_serves();
}

// The tokens that make the context. Some of their bytes are names and numbers in clear that Kerberos does not
// protect (the ticket's server and key version): whoever changes these has changed nothing, and the login
// that comes of it is the right one.
TEST_F(ChangedBytes, AChangedByteOfTheHandshakeEndsItOrDoesNoHarm) {
    for (const auto there : {heading::server, heading::client}) {
        const auto sizes = packet_sizes(3, there);
        const std::size_t number = there == heading::server ? 1 : 0;
        ASSERT_GT(sizes.size(), number);
        // Of a ticket every third byte: it has many hundred.
        const std::size_t stride = there == heading::server ? 3 : 1;
        std::atomic<std::size_t> refused{0};
        several_at_once(sizes[number] / stride, [&](std::size_t i) {
            const auto offset = i * stride;
            SCOPED_TRACE("packet " + std::to_string(number) + ", byte " + std::to_string(offset));
            tamper_proxy proxy(server(), change_byte(there, number, offset));
            try {
                connection db(options(proxy, kerberos(3)));
                EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "alice");
                EXPECT_EQ(db.server().kerberos_principal, "alice@SANDBOX.TEST");
            } catch (const error& failed) {
                ++refused;
                EXPECT_EQ(failed.sqlstate(), "08S01") << failed.what();
                nothing_secret_in(failed.record());
            }
            nothing_secret_left(proxy);
        });
        EXPECT_GT(refused, sizes[number] / stride * 8 / 10);
    }
    still_serves();
}

TEST_F(ChangedBytes, TokensCutShortTooLongOrRepeatedEndTheLine) {
    struct row {
        const char* what;
        std::function<std::string(std::string)> change;
    };

    const std::vector<row> rows{
        {"half of it", [](std::string in) { return in.substr(0, in.size() / 2); }},
        {"the length alone", [](std::string in) { return in.substr(0, 4); }},
        {"half of a length", [](std::string in) { return in.substr(0, 2); }},
        {"half of it, with the length of a half", [](std::string in) { return length_bytes((in.size() - 4) / 2) + in.substr(4, (in.size() - 4) / 2); }},
        {"without its last byte", [](std::string in) { return length_bytes(in.size() - 5) + in.substr(4, in.size() - 5); }},
        {"with a byte more", [](std::string in) { return length_bytes(in.size() - 3) + in.substr(4) + "x"; }},
        {"no content", [](const std::string&) { return length_bytes(0); }},
        {"one byte", [](const std::string&) { return length_bytes(1) + "x"; }},
        {"2 GiB announced", [](std::string in) { return length_bytes(0x7FFFFFFF) + in.substr(4); }},
        {"4 GiB announced", [](std::string in) { return length_bytes(0xFFFFFFFF) + in.substr(4); }},
        {"17 MiB announced", [](std::string in) { return length_bytes(17U << 20U) + in.substr(4); }},
        {"twice", [](std::string in) { return in + in; }},
        {"nothing at all", [](const std::string&) { return ""s; }},
        {"an answer in clear, as at level 1", [](const std::string&) { return plain_hello(); }},
        {"an answer in clear behind a length", [](const std::string&) { return length_bytes(plain_hello().size()) + plain_hello(); }},
        {"text", [](const std::string&) { return "HTTP/1.1 400 Bad Request\r\n\r\n"s; }},
    };
    for (const int level : {2, 3})
        for (const auto there : {heading::server, heading::client}) {
            const std::size_t first = there == heading::server ? 1 : 0;
            const std::size_t last = there == heading::server ? last_to_server : last_to_client;
            several_at_once(rows.size() * (last - first + 1), [&](std::size_t i) {
                const auto& each = rows[i % rows.size()];
                const auto number = first + i / rows.size();
                // That is noticed with the next message.
                if (each.what == "twice"s && number == last) return;
                SCOPED_TRACE(each.what + ", level "s + std::to_string(level) + ", packet " + std::to_string(number));
                tamper_proxy proxy(server(), change_packet(there, number, each.change, true));
                never_logs_in(proxy, kerberos(level));
            });
        }
    still_serves();
}

// A login message, or the answer to it, that comes twice: the session does not outlive it.
TEST_F(ChangedBytes, ARepeatedMessageIsNotTakenForTheNext) {
    for (const int level : {2, 3})
        for (const auto there : {heading::server, heading::client}) {
            tamper_proxy proxy(server(), change_packet(there, there == heading::server ? last_to_server : last_to_client, [](const std::string& in) {
                                   return in + in;
                               }));
            connection db(options(proxy, kerberos(level)));
            const auto why = failure_of([&] { (void)db.query("SELECT $USERNAME"); });
            EXPECT_EQ(why.sqlstate, "08S01") << why.message();
            EXPECT_FALSE(db.is_open());
        }
}

// TLS: what is changed ends the connection, or was of no meaning, and then the login is the right one.
TEST_F(ChangedBytes, AChangedByteOfTlsDoesNoHarm) {
    for (const auto there : {heading::server, heading::client}) {
        std::size_t size = 0;
        {
            tamper_proxy proxy(server());
            connection db(options(proxy, tls()));
            size = proxy.recorded(there).size();
        }
        constexpr std::size_t stride = 5;
        std::atomic<int> refused{0};
        several_at_once(size / stride, [&](std::size_t i) {
            const auto offset = i * stride;
            SCOPED_TRACE("byte " + std::to_string(offset));
            tamper_proxy proxy(server(), [=, seen = std::size_t{0}](proxy_line& line, heading where, std::string_view bytes) mutable {
                std::string out(bytes);
                const bool here = where == there && offset >= seen && offset < seen + out.size();
                if (here) out[offset - seen] = static_cast<char>(out[offset - seen] ^ 1 << offset % 8);
                if (where == there) seen += out.size();
                line.pass(where, out);
                // A record that was made longer must not keep anybody waiting.
                if (here) line.end(where);
            });
            try {
                connection db(options(proxy, tls()));
                (void)db.query("SELECT $USERNAME");
                ADD_FAILURE() << "the line was ended";
            } catch (const error& failed) {
                ++refused;
                EXPECT_EQ(failed.sqlstate(), "08S01") << failed.what();
                nothing_secret_in(failed.record());
            }
            nothing_secret_left(proxy);
        });
        EXPECT_GT(refused, 100);
    }
    still_serves();
}

} // namespace
} // namespace irislink::test
