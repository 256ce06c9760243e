#include "bindings/columnar/export.hpp"

#include <array>

namespace irislink::columnar {
namespace {

// What both structs have: children, and perhaps a dictionary. The structs of the children live here; what
// they hold is theirs.
template <class Struct> struct family {
    std::vector<Struct> members;
    std::vector<Struct*> children;
    Struct dictionary{};

    void make_children(std::size_t count) {
        members.resize(count);
        children.reserve(count);
        for (auto& each : members) children.push_back(&each);
    }

    family() = default;
    family(const family&) = delete;
    family& operator=(const family&) = delete;

    ~family() {
        for (auto& each : members)
            if (each.release != nullptr) each.release(&each);
        if (dictionary.release != nullptr) dictionary.release(&dictionary);
    }
};

struct schema_owner : family<ArrowSchema> {
    std::string format;
    std::string name;
    std::string metadata;
};

struct array_owner : family<ArrowArray> {
    std::array<memory, 3> held;
    std::array<const void*, 3> buffers{};
};

template <class Owner, class Struct> void release(Struct* which) {
    delete static_cast<Owner*>(which->private_data);
    which->release = nullptr;
}

// Key and value pairs as the interface has them: native 32-bit counts and lengths before the bytes.
std::string metadata_of(const std::string& extension) {
    std::string out;
    const auto number = [&out](std::size_t value) {
        const auto wide = static_cast<std::int32_t>(value);
        out.append(reinterpret_cast<const char*>(&wide), sizeof wide);
    };
    const auto put = [&](const std::string& text) {
        number(text.size());
        out += text;
    };
    number(2);
    put("ARROW:extension:name");
    put(extension);
    put("ARROW:extension:metadata");
    put("");
    return out;
}

void fill(std::unique_ptr<schema_owner> owner, ArrowSchema* out) {
    *out = {};
    out->format = owner->format.c_str();
    out->name = owner->name.c_str();
    out->metadata = owner->metadata.empty() ? nullptr : owner->metadata.data();
    out->n_children = static_cast<std::int64_t>(owner->children.size());
    out->children = owner->children.empty() ? nullptr : owner->children.data();
    out->dictionary = owner->dictionary.release == nullptr ? nullptr : &owner->dictionary;
    out->release = release<schema_owner, ArrowSchema>;
    out->private_data = owner.release();
}

void fill(std::unique_ptr<array_owner> owner, std::size_t rows, std::int64_t nulls, std::int64_t buffers, ArrowArray* out) {
    *out = {};
    for (std::size_t i = 0; i < owner->held.size(); ++i) owner->buffers[i] = owner->held[i].data();
    out->length = static_cast<std::int64_t>(rows);
    out->null_count = nulls;
    out->n_buffers = buffers;
    out->buffers = owner->buffers.data();
    out->n_children = static_cast<std::int64_t>(owner->children.size());
    out->children = owner->children.empty() ? nullptr : owner->children.data();
    out->dictionary = owner->dictionary.release == nullptr ? nullptr : &owner->dictionary;
    out->release = release<array_owner, ArrowArray>;
    out->private_data = owner.release();
}

void export_column(column_builder& from, std::size_t rows, ArrowArray* out) {
    auto owner = std::make_unique<array_owner>();
    const bool variable = from.plan->layout == layout::bytes || from.plan->layout == layout::large;
    if (from.words) {
        auto words = std::make_unique<array_owner>();
        const auto count = from.words->size();
        from.words->take(words->held[1], words->held[2]);
        fill(std::move(words), count, 0, 3, &owner->dictionary);
    }
    const auto nulls = from.nulls_of(rows);
    owner->held[0] = std::move(from.validity);
    owner->held[1] = std::move(from.values);
    if (variable) owner->held[2] = std::move(from.data);
    fill(std::move(owner), rows, nulls, variable ? 3 : 2, out);
}

} // namespace

void export_schema(const std::vector<column_plan>& plans, ArrowSchema* out) {
    auto top = std::make_unique<schema_owner>();
    top->format = "+s";
    top->make_children(plans.size());
    for (std::size_t i = 0; i < plans.size(); ++i) {
        const auto& plan = plans[i];
        auto owner = std::make_unique<schema_owner>();
        owner->format = plan.format;
        owner->name = plan.name;
        if (!plan.extension.empty()) owner->metadata = metadata_of(plan.extension);
        if (plan.dictionary) {
            auto words = std::make_unique<schema_owner>();
            words->format = "u";
            fill(std::move(words), &owner->dictionary);
            owner->dictionary.flags = ARROW_FLAG_NULLABLE;
        }
        fill(std::move(owner), &top->members[i]);
        top->members[i].flags = ARROW_FLAG_NULLABLE;
    }
    fill(std::move(top), out);
}

void export_batch(const std::vector<std::unique_ptr<column_builder>>& columns, std::size_t rows, ArrowArray* out) {
    auto top = std::make_unique<array_owner>();
    top->make_children(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) export_column(*columns[i], rows, &top->members[i]);
    fill(std::move(top), rows, 0, 1, out);
}

} // namespace irislink::columnar
