#include "tools/bench/probes/codec_probe.h"

#include "core/storage/interpret.h"
#include "core/wire/event_codec.h"
#include "core/wire/frame.h"
#include "core/wire/record.h"
#include "tools/bench/probes/machine.h"
#include "tools/bench/probes/report.h"
#include "tools/bench/probes/store_day.h"
#include "tools/bench/raw/raw_codec.h"

namespace cairn::bench {
namespace {

constexpr std::size_t kEvents = 100'000;

SiteId site() { return must(SiteId::parse("store-1")); }

struct Day {
  std::vector<storage::NewEvent> events;
  std::vector<Hlc> stamps;
};

Day day(std::uint64_t seed) {
  StoreDay stream(site(), seed);
  Day found;
  for (std::size_t i = 0; i < kEvents; ++i) {
    found.events.push_back(stream.next());
    found.stamps.push_back(stream.stamp());
  }
  return found;
}

Bytes encoded(const storage::NewEvent& event, Hlc stamp) {
  wire::Record record;
  record.hlc = stamp;
  record.type = domain::type_of(event.event);
  record.sv = 1;
  record.actor = event.actor;
  record.site = event.site;
  record.own_causes = event.own_causes;
  record.payload = wire::encode_payload(event.event);
  return must(wire::encode_record(record));
}

/// Microseconds an event.
double each(double us) { return us / static_cast<double>(kEvents); }

void run_round(const Clock& clock, std::uint64_t round) {
  const Day events = day(round);
  auto value = json::Value::object();
  std::vector<Bytes> records;
  records.reserve(kEvents);
  value.set("encode_us", each(us_of(clock, [&] {
              for (std::size_t i = 0; i < kEvents; ++i) {
                records.push_back(encoded(events.events[i], events.stamps[i]));
              }
            })));
  std::size_t understood = 0;
  value.set("decode_us", each(us_of(clock, [&] {
              for (const Bytes& record : records) {
                const auto found = storage::interpret({{}, false, site()}, record);
                understood += found.event ? 1U : 0U;
              }
            })));
  FramedLog log;
  crypto::Hash128 chain{};
  std::uint64_t head = 0;
  value.set("pack_us", each(us_of(clock, [&] { add_frames(log, chain, head, records); })));
  std::size_t unpacked = 0;
  value.set("unpack_us", each(us_of(clock, [&] {
              for (const Bytes& frame : log.frames) {
                unpacked += must(wire::decode_frame(frame)).records.size();
              }
            })));

  raw::Codec codec;
  double raw_encode = 0;
  double raw_decode = 0;
  // Parsing fills the message that serialising then writes: the two are timed apart by doing the
  // one alone.
  raw_decode = us_of(clock, [&] {
    for (const Bytes& record : records) codec.parse(record);
  });
  raw_encode = us_of(clock, [&] {
    for (std::size_t i = 0; i < kEvents; ++i) codec.serialize();
  });
  std::size_t size = 0;
  for (const Bytes& record : records) size += record.size();
  double raw_pack = 0;
  double raw_unpack = 0;
  for (std::size_t at = 0; at < records.size(); at += 500) {
    const std::vector<Bytes> part(records.begin() + static_cast<std::ptrdiff_t>(at),
                                  records.begin() + static_cast<std::ptrdiff_t>(at + 500));
    std::size_t part_size = 0;
    for (const Bytes& record : part) part_size += record.size();
    Bytes packed;
    raw_pack += us_of(clock, [&] { packed = raw::pack(part); });
    raw_unpack += us_of(clock, [&] { raw::unpack(packed, part_size); });
  }
  value.set("raw_encode_us", each(raw_encode))
      .set("raw_decode_us", each(raw_decode))
      .set("raw_pack_us", each(raw_pack))
      .set("raw_unpack_us", each(raw_unpack))
      .set("octets", static_cast<double>(log.octets) / static_cast<double>(kEvents))
      .set("raw_octets", static_cast<double>(size) / static_cast<double>(kEvents))
      .set("records_in_frame",
           static_cast<double>(kEvents) / static_cast<double>(log.frames.size()))
      .set("whole", understood == kEvents && unpacked == kEvents);
  report(value);
}

}  // namespace

void codec_probe(std::uint64_t rounds) {
  const runtime::SystemClock clock;
  for (std::uint64_t round = 1; round <= rounds; ++round) run_round(clock, round);
}

}  // namespace cairn::bench
