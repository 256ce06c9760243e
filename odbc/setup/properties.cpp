#include "odbc/setup/properties.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "driver/config/keywords.hpp"

namespace irislink::odbc {
namespace {

using driver::keyword;
using driver::keyword_type;

// Nobody fills these in: a one-time code is good once, and the others have fields of their own.
bool has_a_field(const keyword& row) {
    static constexpr std::string_view elsewhere[] = {"DSN", "Driver", "Description", "TwoFactorToken"};
    return row.type != keyword_type::ignored && std::ranges::find(elsewhere, row.name) == std::end(elsewhere);
}

int prompt_of(const keyword& row) {
    switch (row.type) {
    case keyword_type::boolean: return ODBCINST_PROMPTTYPE_LISTBOX;
    case keyword_type::file: return ODBCINST_PROMPTTYPE_FILENAME;
    case keyword_type::secret: return ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD;
    default: return ODBCINST_PROMPTTYPE_TEXTEDIT;
    }
}

template <std::size_t Size> void put(char (&to)[Size], std::string_view text) {
    const auto fits = std::min(text.size(), Size - 1);
    std::memcpy(to, text.data(), fits);
    to[fits] = 0;
}

// The words of a list box and the list of their places in one block: it is freed as one, and may outlive this library.
char** words(const std::vector<std::string_view>& in) {
    std::size_t bytes = 0;
    for (const auto each : in) bytes += each.size() + 1;
    auto** const out = static_cast<char**>(std::malloc((in.size() + 1) * sizeof(char*) + bytes));
    if (out == nullptr) return nullptr;
    auto* at = reinterpret_cast<char*>(out + in.size() + 1);
    for (std::size_t i = 0; i < in.size(); ++i) {
        out[i] = at;
        std::memcpy(at, in[i].data(), in[i].size());
        at[in[i].size()] = 0;
        at += in[i].size() + 1;
    }
    out[in.size()] = nullptr;
    return out;
}

void free_list(HODBCINSTPROPERTY first) {
    while (first != nullptr) {
        auto* const next = first->pNext;
        std::free(first->aPromptData);
        std::free(first->pszHelp);
        std::free(first);
        first = next;
    }
}

HODBCINSTPROPERTY property_of(const keyword& row) {
    auto* const out = static_cast<HODBCINSTPROPERTY>(std::calloc(1, sizeof(ODBCINSTPROPERTY)));
    if (out == nullptr) return nullptr;
    put(out->szName, row.name);
    out->nPromptType = prompt_of(row);
    const auto help = std::string(row.description) + " Values: " + std::string(row.values) + "." +
                      (row.standard.empty() ? std::string() : " Default: " + std::string(row.standard) + ".");
    out->pszHelp = ::strdup(help.c_str());
    if (row.type == keyword_type::boolean) out->aPromptData = words({"", "0", "1"});
    if (out->pszHelp != nullptr && (row.type != keyword_type::boolean || out->aPromptData != nullptr)) return out;
    free_list(out);
    return nullptr;
}

} // namespace

bool append_properties(HODBCINSTPROPERTY last) {
    if (last == nullptr) return false;
    ODBCINSTPROPERTY head{};
    auto* end = &head;
    for (const auto& row : driver::keywords()) {
        if (!has_a_field(row)) continue;
        end->pNext = property_of(row);
        end = end->pNext;
        if (end == nullptr) {
            free_list(head.pNext);
            return false;
        }
    }
    last->pNext = head.pNext;
    return true;
}

} // namespace irislink::odbc
