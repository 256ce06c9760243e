// Hostile input, for every message and every fixture: cut off at each byte, and changed at random.

#include <random>
#include <set>

#include "tests/support/wire/golden.hpp"
#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

// Messages whose format lets a shorter one be a message too: they end in rows, raw bytes, a list without
// a count, or fields that may be missing.
template <class M>
constexpr bool open_ended =
    std::same_as<M, login_request> || std::same_as<M, login_reply> || std::same_as<M, refusal_reply> || std::same_as<M, client_info_request> ||
    std::same_as<M, benchmark_request> || std::same_as<M, rows_reply> || std::same_as<M, update_counts_reply> || std::same_as<M, direct_update_reply> ||
    std::same_as<M, generated_keys_reply> || std::same_as<M, static_fetch_reply> || std::same_as<M, procedure_update_reply> ||
    std::same_as<M, procedure_query_reply> || std::same_as<M, direct_procedure_reply> || std::same_as<M, next_result_reply> ||
    std::same_as<M, multi_result_reply> || std::same_as<M, dialect_execute_reply> || std::same_as<M, stream_data_reply> || std::same_as<M, catalog_reply> ||
    std::same_as<M, stream_piece_reply> || std::same_as<M, stream_overwrite_request> || std::same_as<M, stream_store_text_request>;

TEST(Robustness, EveryPrefixOfEveryMessage) {
    std::set<std::string_view> accepted_some;
    for (const auto& each : all_golden_messages()) {
        visit_struct_of(each, [&]<class M>() {
            for (std::size_t size = 0; size < each.body.size(); ++size) {
                // Memory of exactly this size, so that a sanitizer sees a read past the end.
                const byte_buffer cut(each.body.begin(), each.body.begin() + static_cast<std::ptrdiff_t>(size));
                M got;
                if (decode_as(got, cut, each.format, each.outputs)) continue;
                ASSERT_TRUE(open_ended<M>) << each.where << " accepted " << size << " of " << each.body.size() << " bytes";
                accepted_some.insert(message_name<M>());
                // These two write what they may go without.
                if (!each.canonical || std::same_as<M, refusal_reply> || std::same_as<M, login_reply>) continue;
                byte_buffer again;
                ASSERT_FALSE(encode_as(got, each.format, again));
                ASSERT_EQ(hex_of(again), hex_of(cut)) << each.where << " read " << size << " bytes as something else";
            }
        });
    }
    // The list above names nothing that does not need it.
    for_every_message([&]<class M>() {
        if constexpr (open_ended<M>) {
            EXPECT_TRUE(accepted_some.contains(message_name<M>())) << message_name<M>();
        }
    });
}

TEST(Robustness, OneByteMoreIsRefusedWhereAMessageEnds) {
    for (const auto& each : all_golden_messages()) {
        visit_struct_of(each, [&]<class M>() {
            if constexpr (!open_ended<M>) {
                for (const unsigned extra : {0x00U, 0x01U, 0x41U}) {
                    auto longer = each.body;
                    longer.push_back(static_cast<std::byte>(extra));
                    M got;
                    EXPECT_TRUE(decode_as(got, longer, each.format, each.outputs)) << each.where;
                }
            }
        });
    }
}

byte_buffer mutated(const byte_buffer& from, std::mt19937& random) {
    auto out = from;
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random()) % limit; };
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
        const auto at = out.empty() ? 0 : below(out.size());
        const auto place = out.begin() + static_cast<std::ptrdiff_t>(at);
        static constexpr unsigned interesting[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 0x19, 0x21, 0x7F, 0x80, 0xFB, 0xFE, 0xFF};
        const auto byte = static_cast<std::byte>(interesting[below(std::size(interesting))]);
        switch (below(5)) {
        case 0: out.insert(place, byte); break;
        case 1:
            if (!out.empty()) out.erase(place);
            break;
        case 2:
            if (!out.empty()) *place ^= static_cast<std::byte>(1U << below(8));
            break;
        case 3: out.resize(at); break;
        default:
            if (!out.empty()) *place = byte;
        }
    }
    out.shrink_to_fit();
    return out;
}

TEST(Robustness, RandomChangesNeverBreakWhatIsAccepted) {
    std::mt19937 random(20240229);
    std::size_t accepted_count = 0;
    for (const auto& each : all_golden_messages()) {
        visit_struct_of(each, [&]<class M>() {
            for (int round = 0; round < 60; ++round) {
                const auto body = mutated(each.body, random);
                bool accepted = false;
                const auto problem = round_trip_problem<M>(body, each.format, accepted, each.outputs);
                ASSERT_EQ(problem, "") << each.where << ": " << hex_of(body);
                accepted_count += accepted ? 1 : 0;
            }
        });
    }
    EXPECT_GT(accepted_count, 1000U) << "the changes must leave enough messages to say anything";
}

TEST(Robustness, RowsChangedAtRandomEndInRowsOrAnError) {
    std::mt19937 random(7);
    for (const auto& each : all_golden_messages()) {
        if (!each.layout) continue;
        for (int round = 0; round < 200; ++round) {
            const auto body = mutated(each.body, random);
            row_cursor cursor(*each.layout);
            std::vector<item> row(each.layout->columns);
            std::size_t bytes = 0;
            const std::size_t cut = body.empty() ? 0 : random() % body.size();
            for (const auto piece : {bytes_view(body).first(cut), bytes_view(body).subspan(cut)}) {
                cursor.feed(piece);
                while (cursor.next(row))
                    for (const auto& cell : row) bytes += cell.data.size();
            }
            EXPECT_LE(bytes, body.size() * std::max<std::size_t>(1, each.layout->columns));
        }
    }
}

} // namespace
} // namespace irislink::wire
