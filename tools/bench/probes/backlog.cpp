#include "tools/bench/probes/backlog.h"

#include "core/storage/data_dir.h"
#include "tools/bench/probes/machine.h"
#include "tools/bench/probes/store_day.h"

#include <algorithm>

namespace cairn::bench {

void make_backlog(const std::string& data_dir, const std::string& node, const std::string& site,
                  std::uint64_t events) {
  constexpr std::uint64_t kAtOnce = 10'000;
  Machine machine;
  const auto directory = must(storage::DataDir::open(data_dir));
  const SiteId at = must(SiteId::parse(site));
  storage::Identity identity = site_identity(NodeId(must(Uuid::parse(node))), at);
  identity.inc = Incarnation(machine.env().random.next() >> 1U);
  const auto database = open_database(machine, directory.database(), identity);
  StoreDay day(at, 1);
  for (std::uint64_t done = 0; done < events; done += kAtOnce) {
    write(*database, [&](storage::Replica& replica) {
      const std::uint64_t end = std::min(events, done + kAtOnce);
      for (std::uint64_t i = done; i < end; ++i) must(replica.append(day.next()));
    });
  }
  database->replica().connection().checkpoint();
}

}  // namespace cairn::bench
