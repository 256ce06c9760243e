#include "samples/sandbox/auth/message_sender.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <mutex>
#include <stdexcept>

#include "samples/sandbox/auth/sms_code.hpp"

namespace irislink::sandbox {
namespace {

// The message as RFC 5322 has it. All it is made of was checked before.
wire::secret compose(const std::string& from, const std::string& to, std::string_view text) {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char date[64];
    (void)std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S +0000", &parts);
    std::string out = std::string("Date: ") + date + "\r\n";
    if (!from.empty()) out += "From: " + from + "\r\n";
    out += "To: " + to + "\r\nSubject: Sign-in code\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    out += text;
    out += "\r\n";
    wire::secret kept(out);
    wire::secure_zero(out.data(), out.size());
    return kept;
}

bool is_loopback_name(std::string_view host) {
    return host == "localhost" || host == "::1" || host == "[::1]" || host.substr(0, 4) == "127.";
}

class smtp_sender final : public message_sender {
public:
    explicit smtp_sender(smtp_settings settings) : settings_(std::move(settings)) {
        static std::once_flag once;
        std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_DEFAULT); });
        const bool literal = settings_.server.find(':') != std::string::npos && settings_.server.front() != '[';
        url_ = std::string(settings_.protection == smtp_protection::tls ? "smtps" : "smtp") + "://" +
               (literal ? "[" + settings_.server + "]" : settings_.server) + ":" + std::to_string(settings_.port) + "/localhost";
    }

    std::string send(const std::string& to, std::string_view text) override {
        if (!is_mail_address(to)) return "'" + to + "' is not an address";
        const std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> handle(::curl_easy_init(), &::curl_easy_cleanup);
        const std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)> recipients(
            ::curl_slist_append(nullptr, ("<" + to + ">").c_str()), &::curl_slist_free_all
        );
        if (!handle || !recipients) return "no memory for a mail";
        const auto body = compose(settings_.from, to, text);
        reading source{body.reveal(), 0};
        char reason[CURL_ERROR_SIZE] = "";
        auto* const curl = handle.get();
        ::curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
        ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        ::curl_easy_setopt(curl, CURLOPT_PROXY, "");
        ::curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        ::curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
        ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(settings_.time_limit.count()));
        ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.time_limit.count()));
        ::curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(settings_.time_limit.count() / 1000 + 1));
        ::curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + settings_.from + ">").c_str());
        ::curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
        ::curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        ::curl_easy_setopt(curl, CURLOPT_READFUNCTION, &read_body);
        ::curl_easy_setopt(curl, CURLOPT_READDATA, &source);
        if (settings_.protection != smtp_protection::none) {
            // All or nothing: a server without TLS is not spoken to any further.
            ::curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
            ::curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
            if (!settings_.ca_file.empty()) ::curl_easy_setopt(curl, CURLOPT_CAINFO, settings_.ca_file.c_str());
        }
        if (!settings_.user.empty()) {
            ::curl_easy_setopt(curl, CURLOPT_USERNAME, settings_.user.c_str());
            ::curl_easy_setopt(curl, CURLOPT_PASSWORD, settings_.password.c_str());
        }
        const auto result = ::curl_easy_perform(curl);
        if (result == CURLE_OK) return {};
        return settings_.server + ": " + (reason[0] != '\0' ? reason : ::curl_easy_strerror(result));
    }

private:
    struct reading {
        std::string_view text;
        std::size_t at;
    };

    static std::size_t read_body(char* into, std::size_t size, std::size_t count, void* from) {
        auto& source = *static_cast<reading*>(from);
        const auto part = source.text.substr(source.at, size * count);
        std::memcpy(into, part.data(), part.size());
        source.at += part.size();
        return part.size();
    }

    smtp_settings settings_;
    std::string url_;
};

class outbox_sender final : public message_sender {
public:
    explicit outbox_sender(std::filesystem::path folder) : folder_(std::move(folder)) {
        if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
            throw std::invalid_argument("cannot make the outbox " + folder_.string() + ": " + std::strerror(errno));
        if (!std::filesystem::is_directory(folder_)) throw std::invalid_argument("the outbox " + folder_.string() + " is not a folder");
    }

    std::string send(const std::string& to, std::string_view text) override {
        if (!is_mail_address(to)) return "'" + to + "' is not an address";
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        char name[96];
        // Names sort by time; the numbers keep two of one moment and of two servers apart.
        (void)std::snprintf(
            name, sizeof name, "%012lld%09ld-%ld-%u.eml", static_cast<long long>(now.tv_sec), now.tv_nsec, static_cast<long>(::getpid()), next_.fetch_add(1)
        );
        const auto final_name = folder_ / name;
        auto temporary = folder_ / (std::string(".") + name);
        const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (file < 0) return "cannot write " + temporary.string() + ": " + std::strerror(errno);
        const auto body = compose({}, to, text);
        const bool written = ::write(file, body.reveal().data(), body.reveal().size()) == static_cast<ssize_t>(body.reveal().size());
        if ((::close(file) != 0) || !written || ::rename(temporary.c_str(), final_name.c_str()) != 0) {
            ::unlink(temporary.c_str());
            return "cannot write " + final_name.string();
        }
        return {};
    }

private:
    std::filesystem::path folder_;
    std::atomic<unsigned> next_{0};
};

} // namespace

bool is_mail_address(std::string_view address) {
    const auto at = address.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || !is_gateway(address.substr(at + 1))) return false;
    for (const char c : address.substr(0, at)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
        if (!plain) return false;
    }
    return true;
}

std::unique_ptr<message_sender> make_smtp_sender(smtp_settings settings) {
    if (!is_mail_address(settings.from)) throw std::invalid_argument("'" + settings.from + "' is not an address to send from");
    if (settings.server.empty() || settings.server.find_first_of("/@?#% \r\n\t") != std::string::npos)
        throw std::invalid_argument("'" + settings.server + "' is not a mail server");
    if (settings.port < 1 || settings.port > 65535) throw std::invalid_argument("the port of the mail server must be 1 to 65535");
    if (settings.user.empty() != settings.password.empty()) throw std::invalid_argument("the mail server needs both a user and a password, or neither");
    if (!settings.user.empty() && settings.protection == smtp_protection::none && !is_loopback_name(settings.server))
        throw std::invalid_argument("a password is not sent in clear to the mail server " + settings.server + ": set tls = \"starttls\" or \"tls\"");
    return std::make_unique<smtp_sender>(std::move(settings));
}

std::unique_ptr<message_sender> make_outbox_sender(std::filesystem::path folder) {
    return std::make_unique<outbox_sender>(std::move(folder));
}

} // namespace irislink::sandbox
