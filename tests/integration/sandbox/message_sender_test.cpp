#include "samples/sandbox/auth/message_sender.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "tests/support/smtp_stub/smtp_stub.hpp"
#include "tests/support/temporary_folder/temporary_folder.hpp"

namespace irislink::sandbox {
namespace {

using namespace std::chrono_literals;
using test::smtp_stub;
using test::smtp_stub_mode;

class MessageSender : public ::testing::Test {
protected:
    static smtp_settings settings(const smtp_stub& server) {
        smtp_settings out;
        out.server = "127.0.0.1";
        out.port = server.port();
        out.from = "iris@db.example";
        out.time_limit = 5s;
        return out;
    }

    test::temporary_folder folder;
};

TEST_F(MessageSender, AMailCarriesTheTextToTheGateway) {
    smtp_stub server;
    EXPECT_EQ(make_smtp_sender(settings(server))->send("5550100@vtext.com", "Code: 123456"), "");
    const auto mails = server.mails();
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_EQ(mails[0].from.substr(0, 17), "<iris@db.example>");
    EXPECT_EQ(mails[0].to.substr(0, 19), "<5550100@vtext.com>");
    EXPECT_NE(mails[0].text.find("From: iris@db.example\nTo: 5550100@vtext.com\n"), std::string::npos) << mails[0].text;
    EXPECT_NE(mails[0].text.find("\n\nCode: 123456\n"), std::string::npos) << mails[0].text;
    EXPECT_EQ(mails[0].login, "");
}

TEST_F(MessageSender, WithUserAndPasswordOverStarttls) {
    smtp_stub server(smtp_stub_mode::starttls);
    auto with = settings(server);
    with.user = "mailer";
    with.password = "mail-canary";
    with.protection = smtp_protection::starttls;
    with.ca_file = (folder / "ca.pem").string();
    server.write_certificate(with.ca_file);
    EXPECT_EQ(make_smtp_sender(with)->send("5550100@vtext.com", "Code: 123456"), "");
    const auto mails = server.mails();
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_TRUE(mails[0].protected_line);
    EXPECT_EQ(mails[0].login, "mailer mail-canary");
}

TEST_F(MessageSender, ACertificateNobodyVouchesForEndsIt) {
    smtp_stub server(smtp_stub_mode::starttls);
    auto with = settings(server);
    with.user = "mailer";
    with.password = "mail-canary";
    with.protection = smtp_protection::starttls;
    EXPECT_NE(make_smtp_sender(with)->send("5550100@vtext.com", "Code: 123456"), "");
    EXPECT_TRUE(server.mails().empty());
    EXPECT_EQ(server.transcript().find("AUTH"), std::string::npos);
}

TEST_F(MessageSender, AServerWithoutTlsIsToldNothing) {
    smtp_stub server;
    auto with = settings(server);
    with.user = "mailer";
    with.password = "mail-canary";
    with.protection = smtp_protection::starttls;
    EXPECT_NE(make_smtp_sender(with)->send("5550100@vtext.com", "Code: 123456"), "");
    EXPECT_EQ(server.transcript().find("AUTH"), std::string::npos);
    EXPECT_EQ(server.transcript().find("RCPT"), std::string::npos);
    EXPECT_EQ(server.transcript().find("123456"), std::string::npos);
}

TEST_F(MessageSender, FailuresAreToldAndBoundedInTime) {
    smtp_stub refusing(smtp_stub_mode::refuses_recipients);
    EXPECT_NE(make_smtp_sender(settings(refusing))->send("5550100@vtext.com", "x"), "");
    EXPECT_TRUE(refusing.mails().empty());
    smtp_stub silent(smtp_stub_mode::silent);
    auto with = settings(silent);
    with.time_limit = 500ms;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_NE(make_smtp_sender(with)->send("5550100@vtext.com", "x"), "");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

TEST_F(MessageSender, SettingsThatCannotWorkOrAreNotSafeAreRefused) {
    smtp_settings base;
    base.server = "mail.example.com";
    base.from = "iris@db.example";
    EXPECT_NO_THROW((void)make_smtp_sender(base));
    const auto refuses = [&](const auto& change) {
        auto changed = base;
        change(changed);
        EXPECT_THROW((void)make_smtp_sender(changed), std::invalid_argument);
    };
    refuses([](auto& s) { s.from = "iris"; });
    refuses([](auto& s) { s.from = "iris@db.example>\r\nRCPT TO:<x@y.example"; });
    refuses([](auto& s) { s.server = ""; });
    refuses([](auto& s) { s.server = "a/b"; });
    refuses([](auto& s) { s.server = "user:pw@host"; });
    refuses([](auto& s) { s.port = 0; });
    refuses([](auto& s) { s.user = "only"; });
    refuses([](auto& s) { s.user = "u", s.password = "p"; }); // in clear, to another machine
    base.user = "u";
    base.password = "p";
    base.protection = smtp_protection::tls;
    EXPECT_NO_THROW((void)make_smtp_sender(base));
}

TEST_F(MessageSender, TheOutboxHoldsOneFileAMessage) {
    const auto box = folder / "outbox";
    const auto sender = make_outbox_sender(box);
    EXPECT_EQ(sender->send("5550100@vtext.com", "Code: 123456"), "");
    EXPECT_EQ(sender->send("5550100@vtext.com", "Code: 654321"), "");
    std::vector<std::filesystem::path> files;
    for (const auto& each : std::filesystem::directory_iterator(box)) files.push_back(each.path());
    std::sort(files.begin(), files.end());
    ASSERT_EQ(files.size(), 2U);
    std::ostringstream text;
    text << std::ifstream(files[0]).rdbuf();
    EXPECT_NE(text.str().find("To: 5550100@vtext.com\r\n"), std::string::npos);
    EXPECT_NE(text.str().find("\r\n\r\nCode: 123456\r\n"), std::string::npos);

    struct stat facts {};

    ASSERT_EQ(::stat(files[0].c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat(box.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0700U);
}

TEST_F(MessageSender, AnOutboxThatCannotBeIsRefused) {
    std::ofstream(folder / "file") << "x";
    EXPECT_THROW((void)make_outbox_sender(folder / "file"), std::invalid_argument);
    EXPECT_THROW((void)make_outbox_sender(folder / "missing" / "deeper"), std::invalid_argument);
    const auto sender = make_outbox_sender(folder / "outbox");
    EXPECT_NE(sender->send("5550100@vtext.com\r\nBcc: x@y.example", "x"), "");
    std::filesystem::remove_all(folder / "outbox");
    EXPECT_NE(sender->send("5550100@vtext.com", "x"), "");
}

} // namespace
} // namespace irislink::sandbox
