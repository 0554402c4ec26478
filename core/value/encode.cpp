// Whole values as bytes, and back without trust in them. BYTES.md has the layout.
#include "value/change.h"
#include "value/sequence.h"
#include "value/tags.h"

namespace lexum {

namespace {

void encode_text(ByteWriter& out, const Value& text) {
  out.varint(text.text_bytes());
  if (text.node() == nullptr) {
    std::string unused;
    return out.raw(as_bytes(text.text(unused)));
  }
  for_each_leaf<char>(*text.node(),
                      [&out](std::span<const char> run) { out.raw(std::as_bytes(run)); });
}

// ---- What the readers below give is worth nothing once `in` is spoilt.

Value decode_text(ByteReader& in) {
  const std::string_view text = in.text();
  if (!is_utf8(text)) in.spoil();
  return in.good() ? Value::of(text) : Value();
}

// It grows with what was read, not with what the count promises.
std::vector<Value> decode_values(ByteReader& in, uint64_t count, uint32_t depth) {
  std::vector<Value> values;
  for (; count > 0 && in.good(); --count) values.push_back(decode(in, depth));
  return values;
}

Value decode_map(ByteReader& in, uint32_t depth) {
  std::vector<Entry> entries;
  for (uint64_t count = in.varint(); count > 0 && in.good(); --count) {
    Value key = decode(in, depth);
    if (!may_follow(entries.empty() ? nullptr : &entries.back().key, key)) in.spoil();
    if (in.good()) entries.push_back({std::move(key), decode(in, depth)});
  }
  return Value::map(entries);
}

Value decode_record(ByteReader& in, uint32_t depth) {
  const uint64_t shape = in.varint();
  const uint64_t count = in.varint();
  if (shape > UINT32_MAX || count > UINT16_MAX) in.spoil();
  if (!in.good()) return {};
  return Value::record(static_cast<uint32_t>(shape), decode_values(in, count, depth));
}

Value decode_any(ByteReader& in, uint32_t depth) {
  switch (in.byte()) {
    case kNullTag:
      return {};
    case kFalseTag:
      return Value::of(false);
    case kTrueTag:
      return Value::of(true);
    case kIntTag:
      return Value::of(in.signed_varint());
    case kTextTag:
      return decode_text(in);
    case kListTag:
      return Value::list(decode_values(in, in.varint(), depth + 1));
    case kMapTag:
      return decode_map(in, depth + 1);
    case kRecordTag:
      return decode_record(in, depth + 1);
    default:
      in.spoil();
      return {};
  }
}

}  // namespace

void encode(ByteWriter& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return out.byte(kNullTag);
    case Kind::kBool:
      return out.byte(value.as_bool() ? kTrueTag : kFalseTag);
    case Kind::kInt:
      out.byte(kIntTag);
      return out.signed_varint(value.as_int());
    case Kind::kText:
      out.byte(kTextTag);
      return encode_text(out, value);
    case Kind::kList:
      out.byte(kListTag);
      out.varint(value.size());
      return value.each([&out](const Value& element) { encode(out, element); });
    case Kind::kMap:
      out.byte(kMapTag);
      out.varint(value.size());
      return value.each_entry([&out](const Value& key, const Value& mapped) {
        encode(out, key);
        encode(out, mapped);
      });
    case Kind::kRecord:
      out.byte(kRecordTag);
      out.varint(value.shape());
      out.varint(value.fields().size());
      for (const Value& field : value.fields()) encode(out, field);
  }
}

Value decode(ByteReader& in, uint32_t depth) {
  if (depth > kDepthMax) in.spoil();
  Value value = decode_any(in, depth);
  return in.good() ? value : Value();
}

void encode_canonical(ByteWriter& out, const Value& value) {
  if (is_short(value)) return encode(out, value);
  out.byte(kDigestTag);
  out.byte(static_cast<uint8_t>(value.kind()));
  switch (value.kind()) {
    case Kind::kText:
      out.varint(value.text_bytes());
      break;
    case Kind::kRecord:
      out.varint(value.fields().size());
      break;
    default:
      out.varint(value.size());
  }
  const Sum128 digest = value.digest();
  out.fixed64(digest.a);
  out.fixed64(digest.b);
}

}  // namespace lexum
