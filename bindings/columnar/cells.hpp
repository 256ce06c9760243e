#pragma once
// The decoders of cells, one for each kind of column: from an item of the receive buffer into a column_builder.

#include "bindings/columnar/column_plan.hpp"

namespace irislink::columnar {

// Of an integer column of that many bytes: 1, 2, 4 or 8.
[[nodiscard]] decode_fn integer_decoder(std::size_t width);
[[nodiscard]] decode_fn bit_decoder();
[[nodiscard]] decode_fn real_decoder();
[[nodiscard]] decode_fn decimal_decoder();
[[nodiscard]] decode_fn text_decoder();
[[nodiscard]] decode_fn binary_decoder();
[[nodiscard]] decode_fn date_decoder();
[[nodiscard]] decode_fn time_decoder(time_unit unit); // seconds and milliseconds in 32 bits, the others in 64
[[nodiscard]] decode_fn timestamp_decoder(time_unit unit);
[[nodiscard]] decode_fn guid_decoder();

} // namespace irislink::columnar
