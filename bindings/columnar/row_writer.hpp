#pragma once
// Rows of Arrow batches as parameters: the items of a statement's values, written straight from Arrow's
// buffers by one function per column. The structs stay the caller's and must outlive the writer.
//
// Values keep their meaning or are refused: a time zone, a number beyond the server's range and a nested type
// are errors.

#include <cstdint>
#include <string>
#include <vector>

#include "bindings/columnar/arrow_abi.hpp"
#include "wire/codec/writer.hpp"

namespace irislink::columnar {

class row_writer {
public:
    // `schema` is a struct of columns ("+s"). Throws error 07006 for a column type that no parameter can be, 22008
    // for timestamps with a time zone.
    explicit row_writer(const ArrowSchema& schema);

    [[nodiscard]] std::size_t columns() const noexcept { return columns_.size(); }

    // Row `row` of a batch of that schema, one item per column. Throws error 22002 for a row that is NULL as a struct, 22003, 22007 or 22021 with the column's
    // name; what was written then is to be dropped.
    void write(const ArrowArray& batch, std::int64_t row, wire::writer& out) const;

    struct column {
        std::string name;
        void (*write)(const column& plan, const ArrowArray& array, std::int64_t at, wire::writer& out){nullptr};
        int scale{0};               // of decimals
        std::int64_t factor{1};     // units per second of times and timestamps
        std::int64_t width{0};      // of fixed binary
        std::vector<column> values; // of a dictionary: one
    };

private:
    std::vector<column> columns_;
};

} // namespace irislink::columnar
