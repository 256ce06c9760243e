#include "driver/api/row_storage.hpp"

#include <algorithm>

namespace irislink::driver {

bool is_handle(const row_storage& cells, std::size_t column) {
    const auto& cell = cells.cells[column];
    return !cells.longs.empty() && is_long((*cells.columns)[column].type) && cell.code == wire::item_code::text8 && !cell.is_null();
}

bool is_binary_column(const row_storage& cells, std::size_t column) {
    return (*cells.columns)[column].type == sql_type::longvarbinary;
}

std::shared_ptr<long_value> open_long(const row_storage& cells, std::size_t column) {
    auto out = std::make_shared<long_value>();
    out->result = cells.state;
    out->row = cells.state->row;
    out->binary = is_binary_column(cells, column);
    wire::writer(out->handle.encoded).item_bytes(wire::item_code::text8, cells.cells[column].data);
    return out;
}

void load_long(row_storage& cells, std::size_t column) {
    if (cells.longs.empty() || cells.longs[column].known || !is_handle(cells, column)) return;
    if (!cells.owner->blocking())
        throw error(diagnostic{
            errc::out_of_sequence, "HY010", 0, step::fetch, "The long value has not been fetched", "Long values are read on blocking connections.", false, 0});
    const auto source = open_long(cells, column);
    auto content = cells.owner->run<std::string>(cells.owner->read_long(source), step::fetch);
    cells.longs[column] = {true, source->null, std::move(content), {}};
}

const long_cell* content_of(const row_storage& cells, std::size_t column) {
    if (cells.longs.empty() || !cells.longs[column].known) return nullptr;
    return &cells.longs[column];
}

wire::item item_at(row_storage& cells, std::size_t column) {
    if (content_of(cells, column) == nullptr) return cells.cells[column];
    auto& loaded = cells.longs[column];
    wire::item out;
    if (loaded.null) return out;
    if (is_binary_column(cells, column)) {
        out.code = wire::item_code::text8;
        out.data = wire::as_bytes(loaded.content);
        static constexpr std::byte empty[1]{};
        if (out.data.empty()) out.data = empty; // the empty value, which is not NULL
        return out;
    }
    out.code = wire::item_code::text16;
    loaded.wide.clear();
    (void)wire::append_utf16(loaded.wide, loaded.content);
    out.data = loaded.wide;
    const bool ascii = std::ranges::all_of(loaded.content, [](char c) { return c > 0; });
    if (ascii && !loaded.content.empty()) {
        out.code = wire::item_code::text8;
        out.data = wire::as_bytes(loaded.content);
    }
    return out;
}

} // namespace irislink::driver
