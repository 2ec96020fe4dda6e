#include "tools/bench/probes/atp_probe.h"

#include "core/storage/migrate.h"
#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/stock_book.h"
#include "tools/bench/probes/machine.h"
#include "tools/bench/probes/report.h"
#include "tools/bench/raw/raw_stock.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cairn::bench {
namespace {

constexpr std::uint32_t kSitesEach = 200;
constexpr std::uint64_t kMostInSqlite = 3'000'000;
constexpr std::size_t kQuestions = 20'000;
constexpr std::size_t kSqliteQuestions = 2'000;

Sku article_name(std::uint64_t article) {
  return must(Sku::parse(fmt::format("ARTICLE-{:06}", article)));
}

struct Names {
  std::vector<Sku> articles;
  std::vector<SiteId> sites;
};

Names names_of(std::uint32_t articles) {
  Names names;
  for (std::uint32_t i = 0; i < articles; ++i) names.articles.push_back(article_name(i));
  for (std::uint32_t i = 0; i < kSitesEach; ++i) {
    names.sites.push_back(must(SiteId::parse(fmt::format("store-{:03}", i))));
  }
  return names;
}

void fill(storage::StockBook& book, const Names& names) {
  for (std::uint32_t article = 0; article < names.articles.size(); ++article) {
    for (std::uint32_t site = 0; site < kSitesEach; ++site) {
      const auto figures = raw::stock_figures(article, site);
      book.set(names.sites[site], names.articles[article], {figures.on_hand, 0, figures.reserved});
    }
  }
}

/// Which articles are asked for, the same of everybody.
std::vector<std::uint32_t> questions(std::uint64_t round, std::uint64_t below, std::size_t count) {
  std::vector<std::uint32_t> asked;
  std::uint64_t state = round * 0x9E37'79B9'7F4A'7C15ULL + 1;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    asked.push_back(static_cast<std::uint32_t>((state >> 33U) % below));
  }
  return asked;
}

constexpr std::uint32_t kSitesLoaded = 1'000;
constexpr std::uint32_t kArticlesLoaded = 2'000;

struct Loaded {
  double cells_per_us = 0;
  double bytes_per_cell = 0;
};

/// What a hub that starts reads into memory: of a thousand sites that have two thousand articles
/// each.
Loaded loaded(const std::string& path, const Clock& clock) {
  auto connection =
      must(storage::Connection::open_writer(path, storage::Connection::Durability::kFull));
  must(storage::migrate(connection));
  connection.execute("BEGIN");
  for (std::uint32_t site = 0; site < kSitesLoaded; ++site) {
    const std::string code = fmt::format("store-{:04}", site);
    for (std::uint32_t article = 0; article < kArticlesLoaded; ++article) {
      connection
          .prepare(
              "INSERT INTO stock_cell (site, sku, location, uom, on_hand_milli)"
              " VALUES (?1, ?2, 'B-01', 0, 5000)")
          .bind(code, article_name(article).text())
          .run();
    }
  }
  connection.execute("COMMIT");
  connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");  // as a hub leaves it
  storage::StockBook book;
  const double us = us_of(clock, [&] { book.load(connection); });
  const auto size = book.size();
  const auto cells = size.cells;
  if (cells != std::size_t{kSitesLoaded} * kArticlesLoaded) {
    must(Result<>(fail(ErrorCode::kInternal, "differs", "not every cell was read")));
  }
  return {static_cast<double>(cells) / us,
          static_cast<double>(size.cell_bytes) / static_cast<double>(cells)};
}

double each_ns(double us, std::size_t count) { return us * 1000 / static_cast<double>(count); }

}  // namespace

void atp_probe(const std::string& folder, std::uint64_t rounds, std::uint64_t cells) {
  const auto articles = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, cells / kSitesEach));
  const auto in_sqlite =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(articles, kMostInSqlite / kSitesEach));
  const runtime::SystemClock clock;
  const Names names = names_of(articles);
  const raw::StockRows rows(articles, kSitesEach);
  raw::StockTable table(folder + "/stock.db", in_sqlite, kSitesEach);
  storage::StockBook book;
  fill(book, names);
  const auto size = book.size();
  const Loaded start = loaded(folder + "/cells.db", clock);
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    const auto asked = questions(round, articles, kQuestions);
    const auto asked_sqlite = questions(round, in_sqlite, kSqliteQuestions);
    std::int64_t by_book = 0;
    std::int64_t by_rows = 0;
    std::int64_t by_table = 0;
    std::int64_t at_sites = 0;
    auto value = json::Value::object();
    value.set("raw_ns", each_ns(us_of(clock,
                                      [&] {
                                        for (const auto article : asked)
                                          by_rows += rows.total(article);
                                      }),
                                kQuestions));
    value.set("all_sites_ns", each_ns(us_of(clock,
                                            [&] {
                                              for (const auto article : asked) {
                                                by_book +=
                                                    book.total_atp_milli(names.articles[article]);
                                              }
                                            }),
                                      kQuestions));
    value.set("site_ns", each_ns(us_of(clock,
                                       [&] {
                                         for (const auto article : asked) {
                                           at_sites +=
                                               book.figures(names.sites[article % kSitesEach],
                                                            names.articles[article])
                                                   .atp_milli();
                                         }
                                       }),
                                 kQuestions));
    value.set("sqlite_ns", each_ns(us_of(clock,
                                         [&] {
                                           for (const auto article : asked_sqlite)
                                             by_table += table.total(article);
                                         }),
                                   kSqliteQuestions));
    std::int64_t expected = 0;
    for (const auto article : asked_sqlite) expected += rows.total(article);
    if (by_book != by_rows || by_table != expected || at_sites == 0) {
      must(Result<>(fail(ErrorCode::kInternal, "differs", "not everybody has the same figures")));
    }
    value.set("cell_bytes", start.bytes_per_cell);
    value.set("cells", static_cast<std::int64_t>(size.cells));
    value.set("load_rate", start.cells_per_us);
    report(value);
  }
}

}  // namespace cairn::bench
