#pragma once
// Clients that speak TLS and Kerberos with OpenSSL and GSSAPI directly, and xDBC on top: nothing of the
// driver's, so that a fault of ours on one side is not cancelled by the same fault on the other.

#include <arpa/inet.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/server/server.hpp"
#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/message.hpp"

namespace irislink::test {

// A server in this process with the users demo and alice (password demo) and these lines of TOML.
class line_server {
public:
    explicit line_server(const std::string& sections, int login_timeout = 5)
        : server_(sandbox::parse_config(
              "[server]\nport = 0\nhash_iterations = 1000\nlogin_timeout = " + std::to_string(login_timeout) + "\n" + sections +
              "\n[users.demo]\npassword = \"" + sandbox::hash_password("demo", 1000) + "\"\n[users.alice]\npassword = \"" +
              sandbox::hash_password("demo", 1000) + "\"\n"
          )) {
        server_.start();
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return server_.port(); }

    // The time that it took.
    std::chrono::steady_clock::duration stop() {
        const auto start = std::chrono::steady_clock::now();
        server_.stop();
        return std::chrono::steady_clock::now() - start;
    }

    // True as soon as nobody is logged in; false when somebody still is after five seconds.
    [[nodiscard]] bool empties() const {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (server_.sessions() != 0) {
            if (std::chrono::steady_clock::now() >= until) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return true;
    }

private:
    sandbox::server server_;
};

class line_client {
public:
    explicit line_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("cannot connect");
    }

    virtual ~line_client() { ::close(socket_); }

    line_client(const line_client&) = delete;
    line_client& operator=(const line_client&) = delete;

    void send_raw(wire::bytes_view bytes) { (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

    // All that comes until the server closes, `limit` at most. Throws when it does not close in time.
    std::string rest_raw() {
        std::string out;
        char piece[4096];
        while (true) {
            const auto got = ::recv(socket_, piece, sizeof piece, 0);
            if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server does not close");
            if (got <= 0) return out;
            out.append(piece, static_cast<std::size_t>(got));
        }
    }

    bool receive_raw(std::span<std::byte> into) {
        while (!into.empty()) {
            const auto got = ::recv(socket_, into.data(), into.size(), 0);
            if (got <= 0) return false;
            into = into.subspan(static_cast<std::size_t>(got));
        }
        return true;
    }

    virtual bool send(wire::bytes_view bytes) { return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()); }

    // Some bytes; 0 at the end.
    virtual std::size_t receive_some(std::span<std::byte> into) {
        const auto got = ::recv(socket_, into.data(), into.size(), 0);
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    }

    template <class M> [[nodiscard]] wire::byte_buffer encode(const M& message, std::uint32_t id, std::uint32_t statement = 0) const {
        wire::byte_buffer out;
        if (wire::append_request(out, message, id, statement, format_)) throw std::runtime_error("cannot encode");
        return out;
    }

    // The answer, or nothing when the server closes instead.
    template <class M> std::optional<wire::message> ask(const M& message, std::uint32_t id, std::uint32_t statement = 0) {
        if (!send(encode(message, id, statement))) return std::nullopt;
        return answer();
    }

    std::optional<wire::message> answer() {
        wire::message in;
        std::error_code error;
        while (!assembler_.next(in, error)) {
            if (error) return std::nullopt;
            const auto got = receive_some(assembler_.prepare());
            if (got == 0) return std::nullopt;
            assembler_.commit(got);
        }
        return in;
    }

    // The status of the login; -1 when the server closes.
    int log_in(std::string_view user = "alice", std::string_view password = "demo") {
        const auto greeted = ask(wire::hello_request{}, 1);
        if (!greeted) return -1;
        if (greeted->status() != 0) return greeted->status();
        wire::hello_reply hello;
        if (wire::decode_body(greeted->body, format_, hello)) return -1;
        format_ = hello.format();
        wire::login_request login;
        login.name_space = "USER";
        login.user = wire::secret(user);
        login.password = wire::secret(password);
        const auto answered = ask(login, 3);
        return answered ? answered->status() : -1;
    }

    // Statement and result of about `size` bytes; both answers together.
    std::string big_query(std::size_t size) {
        wire::direct_query_request query;
        query.sql.text = "SELECT '" + std::string(size, 'x') + "' || 'y'";
        const auto first = ask(query, 5, 1);
        if (!first || first->status() != 0) return "failed: " + std::to_string(first ? first->status() : -1);
        const std::string out(wire::as_text(first->body));
        const auto second = ask(wire::fetch_request{}, 7, 1);
        return out + (second ? std::string(wire::as_text(second->body)) : "closed");
    }

    // Sends a statement that takes days, and waits until it has been running for a moment. False when it has ended by then.
    [[nodiscard]] bool begin_endless() {
        wire::direct_query_request query;
        query.sql.text = "WITH two AS (SELECT 1 AS n UNION ALL SELECT 2 AS n) SELECT COUNT(*) FROM two t0";
        for (int i = 1; i < 45; ++i) query.sql.text += ", two t" + std::to_string(i);
        if (!send(encode(query, 5, 1))) return false;
        pollfd answered{socket_, POLLIN, 0};
        return ::poll(&answered, 1, 200) == 0;
    }

protected:
    int socket_;
    wire::session_format format_;
    wire::frame_assembler assembler_;
};

struct tls_choice {
    std::string certificate; // of the client; empty: none
    std::string key;
    std::string ca_file; // checks the server's when given
    int version{0};      // TLS1_2_VERSION...; 0: whatever comes
    std::string ciphers; // of TLS 1.2
};

class tls_client final : public line_client {
public:
    tls_client(std::uint16_t port, const tls_choice& choice) : line_client(port), context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
        auto* const context = context_.get();
        if (choice.version != 0) {
            SSL_CTX_set_min_proto_version(context, choice.version);
            SSL_CTX_set_max_proto_version(context, choice.version);
        }
        if (!choice.ciphers.empty()) SSL_CTX_set_cipher_list(context, choice.ciphers.c_str());
        if (!choice.certificate.empty()) {
            SSL_CTX_use_certificate_chain_file(context, choice.certificate.c_str());
            SSL_CTX_use_PrivateKey_file(context, choice.key.c_str(), SSL_FILETYPE_PEM);
        }
        if (!choice.ca_file.empty()) {
            SSL_CTX_load_verify_file(context, choice.ca_file.c_str());
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        }
        ssl_.reset(SSL_new(context));
        SSL_set_fd(ssl_.get(), socket_);
        connected_ = SSL_connect(ssl_.get()) == 1;
        ERR_clear_error();
    }

    [[nodiscard]] bool connected() const noexcept { return connected_; }

    [[nodiscard]] std::string version() const { return SSL_get_version(ssl_.get()); }

    bool send(wire::bytes_view bytes) override {
        ERR_clear_error();
        return connected_ && SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    }

    std::size_t receive_some(std::span<std::byte> into) override {
        ERR_clear_error();
        const int got = connected_ ? SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size())) : 0;
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    }

private:
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;

    struct free_ssl {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };

    std::unique_ptr<SSL, free_ssl> ssl_;
    bool connected_{false};
};

class gss_client final : public line_client {
public:
    static constexpr OM_uint32 every_flag = GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;

    gss_client(std::uint16_t port, int level, const std::string& service, const std::string& cache, OM_uint32 flags = every_flag)
        : line_client(port), level_(level) {
        const std::byte preamble[5] = {std::byte{0}, std::byte{0}, std::byte{0x7F}, std::byte{1}, static_cast<std::byte>(level)};
        send_raw(preamble);
        OM_uint32 minor = 0;
        const gss_key_value_element_desc element{"ccache", cache.c_str()};
        const gss_key_value_set_desc store{1, const_cast<gss_key_value_element_desc*>(&element)};
        gss_OID_set_desc mechanisms{1, gss_mech_krb5};
        gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
        if (GSS_ERROR(gss_acquire_cred_from(&minor, GSS_C_NO_NAME, 0, &mechanisms, GSS_C_INITIATE, &store, &credential, nullptr, nullptr)))
            throw std::runtime_error("no credentials in " + cache);
        gss_buffer_desc text{service.size(), const_cast<char*>(service.data())};
        gss_name_t name = GSS_C_NO_NAME;
        gss_import_name(&minor, &text, GSS_KRB5_NT_PRINCIPAL_NAME, &name);
        wire::byte_buffer answer;
        OM_uint32 major = GSS_S_CONTINUE_NEEDED;
        while (major == GSS_S_CONTINUE_NEEDED) {
            gss_buffer_desc in{answer.size(), answer.data()};
            gss_buffer_desc out{0, nullptr};
            major = gss_init_sec_context(
                &minor, credential, &context_, name, gss_mech_krb5, flags, 0, GSS_C_NO_CHANNEL_BINDINGS, answer.empty() ? GSS_C_NO_BUFFER : &in, nullptr, &out,
                nullptr, nullptr
            );
            if (out.length > 0) send_token({static_cast<const std::byte*>(out.value), out.length});
            gss_release_buffer(&minor, &out);
            if (GSS_ERROR(major)) break;
            if (major == GSS_S_CONTINUE_NEEDED && !receive_token(answer)) break;
        }
        connected_ = major == GSS_S_COMPLETE;
        OM_uint32 ignored = 0;
        gss_release_name(&ignored, &name);
        gss_release_cred(&ignored, &credential);
    }

    ~gss_client() override {
        OM_uint32 minor = 0;
        gss_delete_sec_context(&minor, &context_, GSS_C_NO_BUFFER);
    }

    [[nodiscard]] bool connected() const noexcept { return connected_; }

    void send_token(wire::bytes_view token) {
        wire::byte_buffer out;
        for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(token.size() >> shift & 0xFFU));
        out.insert(out.end(), token.begin(), token.end());
        send_raw(out);
    }

    bool receive_token(wire::byte_buffer& token) {
        std::byte head[4];
        if (!receive_raw(head)) return false;
        std::size_t size = 0;
        for (const auto each : head) size = size << 8U | std::to_integer<std::size_t>(each);
        token.resize(size);
        return receive_raw(token);
    }

    [[nodiscard]] wire::byte_buffer wrap(wire::bytes_view bytes, bool sealed) {
        OM_uint32 minor = 0;
        gss_buffer_desc in{bytes.size(), const_cast<std::byte*>(bytes.data())};
        gss_buffer_desc out{0, nullptr};
        if (gss_wrap(&minor, context_, sealed ? 1 : 0, 0, &in, nullptr, &out) != GSS_S_COMPLETE) throw std::runtime_error("gss_wrap");
        const auto* const data = static_cast<const std::byte*>(out.value);
        wire::byte_buffer token(data, data + out.length);
        gss_release_buffer(&minor, &out);
        return token;
    }

    bool send(wire::bytes_view bytes) override {
        if (level_ == 1) return line_client::send(bytes);
        send_token(wrap(bytes, level_ == 3));
        return true;
    }

    std::size_t receive_some(std::span<std::byte> into) override {
        if (level_ == 1) return line_client::receive_some(into);
        if (plain_.empty()) {
            wire::byte_buffer token;
            if (!receive_token(token)) return 0;
            OM_uint32 minor = 0;
            gss_buffer_desc in{token.size(), token.data()};
            gss_buffer_desc out{0, nullptr};
            int sealed = 0;
            if (gss_unwrap(&minor, context_, &in, &out, &sealed, nullptr) != GSS_S_COMPLETE) return 0;
            every_answer_sealed_ = every_answer_sealed_ && sealed != 0;
            plain_.assign(static_cast<const char*>(out.value), out.length);
            gss_release_buffer(&minor, &out);
        }
        const auto count = std::min(into.size(), plain_.size());
        std::copy_n(wire::as_bytes(plain_).begin(), count, into.begin());
        plain_.erase(0, count);
        return count;
    }

    [[nodiscard]] bool every_answer_sealed() const noexcept { return every_answer_sealed_; }

private:
    int level_;
    gss_ctx_id_t context_{GSS_C_NO_CONTEXT};
    bool connected_{false};
    bool every_answer_sealed_{true};
    std::string plain_;
};

} // namespace irislink::test
