#include "device-drivers/hid/report_descriptor.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace cairn::devices::hid {
namespace {

constexpr std::size_t kOctetsMost = 4096;
constexpr std::size_t kFieldsMost = 512;
constexpr std::size_t kUsagesMost = 256;  // declared for one field
constexpr std::size_t kDepthMost = 16;    // of collections, and of Push
constexpr std::size_t kReportBitsMost = 8 * 4096;
constexpr std::uint32_t kValueBitsMost = 32;

tl::unexpected<Error> bad(std::string why) {
  return fail(ErrorCode::kInvalid, "bad_descriptor",
              "the device's report descriptor makes no sense: " + std::move(why));
}

// Item types (6.2.2.2) and tags (6.2.2.4 to 6.2.2.8).
enum class ItemType : std::uint8_t { kMain = 0, kGlobal = 1, kLocal = 2, kReserved = 3 };
enum MainTag : std::uint8_t { kInput = 8, kOutput = 9, kCollection = 10, kFeature = 11, kEnd = 12 };
enum GlobalTag : std::uint8_t {
  kUsagePage = 0,
  kLogicalMin = 1,
  kReportSize = 7,
  kReportId = 8,
  kReportCount = 9,
  kPush = 10,
  kPop = 11
};
enum LocalTag : std::uint8_t { kUsageTag = 0, kUsageMin = 1, kUsageMax = 2 };
constexpr std::uint8_t kLongItem = 0xFE;
constexpr std::uint32_t kApplication = 1;  // kind of collection

struct Item {
  ItemType type = ItemType::kReserved;
  std::uint8_t tag = 0;
  std::uint32_t data = 0;
  std::size_t data_size = 0;
};

std::int32_t as_signed(const Item& item) {
  switch (item.data_size) {
    case 1:
      return static_cast<std::int8_t>(item.data);
    case 2:
      return static_cast<std::int16_t>(item.data);
    default:
      return static_cast<std::int32_t>(item.data);
  }
}

struct Globals {
  std::uint16_t page = 0;
  std::int32_t logical_min = 0;
  std::uint32_t bit_size = 0;
  std::uint32_t count = 0;
  std::uint8_t report_id = 0;
};

class Parser {
 public:
  explicit Parser(BytesView octets) : rest_(octets) {}

  Result<ReportDescriptor> parse() {
    if (rest_.size() > kOctetsMost) return bad("it is too long");
    while (!rest_.empty()) {
      const auto item = next();
      if (!item) return fail(item.error());
      if (auto taken = take(*item); !taken) return fail(taken.error());
    }
    if (!collections_.empty()) return bad("a collection has no end");
    return std::move(descriptor_);
  }

 private:
  Result<Item> next() {
    const auto prefix = static_cast<std::uint8_t>(rest_.front());
    if (prefix == kLongItem) return skip_long_item();
    rest_.remove_prefix(1);
    constexpr std::array<std::size_t, 4> kSizes{0, 1, 2, 4};
    Item item{static_cast<ItemType>(prefix >> 2U & 3U), static_cast<std::uint8_t>(prefix >> 4U), 0,
              kSizes.at(prefix & 3U)};
    if (rest_.size() < item.data_size) return bad("it is cut off");
    for (std::size_t i = item.data_size; i-- > 0;) {
      item.data = item.data << kBitsPerOctet | static_cast<std::uint8_t>(rest_[i]);
    }
    rest_.remove_prefix(item.data_size);
    return item;
  }

  /// Reserved for what nobody has defined yet.
  Result<Item> skip_long_item() {
    constexpr std::size_t kHead = 3;
    if (rest_.size() < kHead) return bad("it is cut off");
    const std::size_t size = kHead + static_cast<std::uint8_t>(rest_[1]);
    if (rest_.size() < size) return bad("it is cut off");
    rest_.remove_prefix(size);
    return Item{};
  }

  Result<> take(const Item& item) {
    switch (item.type) {
      case ItemType::kMain:
        return take_main(item);
      case ItemType::kGlobal:
        return take_global(item);
      case ItemType::kLocal:
        return take_local(item);
      case ItemType::kReserved:
        break;
    }
    return {};
  }

  Result<> take_main(const Item& item) {
    Result<> taken;
    switch (item.tag) {
      case kInput:
        taken = add_field(ReportType::kInput, item.data);
        break;
      case kOutput:
        taken = add_field(ReportType::kOutput, item.data);
        break;
      case kFeature:
        taken = add_field(ReportType::kFeature, item.data);
        break;
      case kCollection:
        taken = begin_collection(item.data);
        break;
      case kEnd:
        if (collections_.empty()) return bad("a collection ends that has no beginning");
        collections_.pop_back();
        break;
      default:
        break;
    }
    usages_.clear();
    usage_min_.reset();
    return taken;
  }

  Result<> begin_collection(std::uint32_t kind) {
    if (collections_.size() == kDepthMost) return bad("its collections lie too deep");
    const Usage is = usages_.empty() ? 0 : usages_.front().first;
    if (collections_.empty() && kind == kApplication) descriptor_.applications.push_back(is);
    collections_.push_back(is);
    return {};
  }

  Result<> add_field(ReportType type, std::uint32_t flags) {
    constexpr std::uint32_t kConstantFlag = 1U << 0U;
    constexpr std::uint32_t kVariableFlag = 1U << 1U;
    if (globals_.count == 0 || globals_.bit_size == 0) return {};  // some have such, for nothing
    std::size_t& end = ends_[{type, globals_.report_id}];
    if (end == 0 && globals_.report_id != 0) end = kBitsPerOctet;
    const std::uint64_t bits = std::uint64_t{globals_.bit_size} * globals_.count;
    if (bits > kReportBitsMost || end + bits > kReportBitsMost) return bad("a report is too long");
    const bool constant = (flags & kConstantFlag) != 0;
    if (!constant && globals_.bit_size > kValueBitsMost) return bad("a value is too long");
    if (!constant) {
      if (descriptor_.fields.size() == kFieldsMost) return bad("it has too many fields");
      descriptor_.fields.push_back({type, globals_.report_id, end, globals_.bit_size,
                                    globals_.count, (flags & kVariableFlag) != 0,
                                    globals_.logical_min, usages_, collections_});
    }
    end += static_cast<std::size_t>(bits);
    if (type == ReportType::kInput) {
      descriptor_.input_octets =
          std::max(descriptor_.input_octets, (end + kBitsPerOctet - 1) / kBitsPerOctet);
    }
    return {};
  }

  Result<> take_global(const Item& item) {
    switch (item.tag) {
      case kUsagePage:
        globals_.page = static_cast<std::uint16_t>(item.data);
        break;
      case kLogicalMin:
        globals_.logical_min = as_signed(item);
        break;
      case kReportSize:
        globals_.bit_size = item.data;
        break;
      case kReportCount:
        globals_.count = item.data;
        break;
      case kReportId:
        if (item.data == 0 || item.data > 0xFF) return bad("a report's id is 1 to 255");
        globals_.report_id = static_cast<std::uint8_t>(item.data);
        descriptor_.has_report_ids = true;
        break;
      case kPush:
        if (pushed_.size() == kDepthMost) return bad("it pushes too much");
        pushed_.push_back(globals_);
        break;
      case kPop:
        if (pushed_.empty()) return bad("it pops what it did not push");
        globals_ = pushed_.back();
        pushed_.pop_back();
        break;
      default:
        break;
    }
    return {};
  }

  Result<> take_local(const Item& item) {
    // Four octets carry their own page.
    const Usage is = item.data_size == 4
                         ? item.data
                         : usage(globals_.page, static_cast<std::uint16_t>(item.data));
    switch (item.tag) {
      case kUsageTag:
        return add_usages({is, is});
      case kUsageMin:
        usage_min_ = is;
        break;
      case kUsageMax: {
        const auto min = std::exchange(usage_min_, std::nullopt);
        if (!min || *min > is) return bad("a range of usages has no beginning");
        return add_usages({*min, is});
      }
      default:
        break;
    }
    return {};
  }

  Result<> add_usages(Field::Range range) {
    if (usages_.size() == kUsagesMost) return bad("a field has too many usages");
    usages_.push_back(range);
    return {};
  }

  BytesView rest_;
  ReportDescriptor descriptor_;
  Globals globals_;
  std::vector<Globals> pushed_;
  std::vector<Usage> collections_;
  std::vector<Field::Range> usages_;
  std::optional<Usage> usage_min_;
  std::map<std::pair<ReportType, std::uint8_t>, std::size_t> ends_;  // of the reports so far, bits
};

}  // namespace

std::optional<Usage> Field::usage_at(std::size_t place) const {
  if (usages.empty()) return std::nullopt;
  for (const Range& range : usages) {
    const std::size_t size = std::size_t{range.last - range.first} + 1;
    if (place < size) return range.first + static_cast<Usage>(place);
    place -= size;
  }
  return variable ? std::optional(usages.back().last) : std::nullopt;
}

Result<ReportDescriptor> ReportDescriptor::parse(BytesView octets) {
  return Parser(octets).parse();
}

bool ReportDescriptor::has_application(Usage wanted) const {
  return std::ranges::find(applications, wanted) != applications.end();
}

std::optional<std::uint32_t> value_at(BytesView report, const Field& field, std::size_t place) {
  if (place >= field.count) return std::nullopt;
  const std::size_t first = field.bit_offset + place * field.bit_size;
  if (first + field.bit_size > report.size() * kBitsPerOctet) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t bit = field.bit_size; bit-- > 0;) {
    const std::size_t at = first + bit;
    const auto octet = static_cast<std::uint8_t>(report[at / kBitsPerOctet]);
    value = value << 1U | (octet >> at % kBitsPerOctet & 1U);
  }
  return static_cast<std::uint32_t>(value);
}

}  // namespace cairn::devices::hid
