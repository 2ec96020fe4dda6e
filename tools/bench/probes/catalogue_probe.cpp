#include "tools/bench/probes/catalogue_probe.h"

#include "core/wire/event_codec.h"
#include "core/wire/record.h"
#include "core/wire/record_stream.h"
#include "tools/bench/probes/machine.h"
#include "tools/bench/probes/report.h"
#include "tools/bench/probes/store_day.h"
#include "tools/bench/raw/raw_rows.h"

#include <fmt/format.h>

#include <cstdio>

namespace cairn::bench {
namespace {

struct Article {
  raw::LogRow log;
  raw::ArticleRow row;
};

Article article(std::uint64_t number) {
  domain::Product product;
  product.sku = numbered_sku(number);
  product.name = fmt::format("Article {} in blue, {} cm", number, number % 97 + 3);
  product.unit_weight_mg = static_cast<std::int64_t>(number % 900 + 20) * 1000;
  product.price = {199, must(Currency::parse("GBP"))};
  const domain::Event event = domain::ReferenceEvent(domain::ProductDefined{product});
  wire::Record record;
  record.hlc = Hlc{(1'780'000'000'000ULL + number) << 16U};
  record.type = domain::type_of(event);
  record.sv = 1;
  record.key = domain::product_key(product.sku).bytes();
  record.payload = wire::encode_payload(event);
  Article made;
  made.log = {1,
              static_cast<std::int64_t>(number),
              static_cast<std::int64_t>(record.hlc.value),
              record.type,
              record.key,
              1,
              static_cast<std::int64_t>(number),
              must(wire::encode_record(record)),
              {}};
  made.row = {product.sku.text(), product.name, product.unit_weight_mg, 199,
              static_cast<std::int64_t>(9'520'000'000'000ULL + number)};
  return made;
}

std::vector<Article> catalogue(std::uint64_t articles) {
  std::vector<Article> all;
  for (std::uint64_t i = 1; i <= articles; ++i) all.push_back(article(i));
  return all;
}

void write_all(const std::string& file, const std::vector<Article>& all) {
  raw::Database database(file);
  database.execute(
      "INSERT INTO author (id, node, inc, head, chain) VALUES (1, randomblob(16), 1, 0, x'');"
      "INSERT INTO feed (id, name, hub_gen, head) VALUES (1, 'cat', 1, 0)");
  raw::Rows rows(database);
  raw::Articles articles(database);
  for (std::size_t at = 0; at < all.size(); at += wire::kFrameRecordsMax) {
    database.execute("BEGIN IMMEDIATE");
    const std::size_t end = std::min(all.size(), at + wire::kFrameRecordsMax);
    for (std::size_t i = at; i < end; ++i) {
      rows.log(all[i].log);
      articles.write(all[i].row);
    }
    rows.feed(1, static_cast<std::int64_t>(end));
    database.execute("COMMIT");
  }
}

}  // namespace

void catalogue_probe(const std::string& folder, std::uint64_t rounds, std::uint64_t articles) {
  Machine machine;
  const std::vector<Article> all = catalogue(articles);
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    const std::string file = fmt::format("{}/raw-{}.sqlite", folder, round);
    const storage::Identity identity =
        site_identity(NodeId(numbered_uuid(9, 1)), must(SiteId::parse("store-1")));
    open_database(machine, file, identity).reset();
    const double us = us_of(machine.clock(), [&] { write_all(file, all); });
    report(json::Value::object().set("raw_seconds", us / 1e6));
  }
}

void floor_probe(const std::string& folder) {
  raw::Database database(folder + "/floor.sqlite");
  database.execute("CREATE TABLE IF NOT EXISTS empty (a INTEGER)");
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

}  // namespace cairn::bench
