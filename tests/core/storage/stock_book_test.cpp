#include "core/storage/stock_book.h"

#include "tests/core/storage/support/group_hub.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::storage::stock_book_test {
namespace {

using test::pieces;
using test::site;
using test::sku;

struct Hub : test::GroupHub {
  StockBook book;

  void follow() { book.follow(connection(), changes); }
  void count(std::string_view article, std::string_view at, std::int64_t units,
             std::string_view location = "B-1") {
    append(domain::StockEvent(
               test::counted(article, location, pieces(units), domain::CountSource::kRecount)),
           {}, site(at));
    follow();
  }
  void check_same() {
    for (const std::string_view article : {"A1", "A2", "A3"}) {
      CAPTURE(article);
      std::vector<SiteStock> rows;
      for (const auto& row : book.by_site(sku(article))) {
        // A site that has nothing more of an article may be left in the book, with zeros.
        if (row.stock != domain::SiteFigures{}) rows.push_back(row);
      }
      std::vector<SiteStock> expected;
      for (const auto& row : stock_by_site(connection(), sku(article))) {
        if (row.stock != domain::SiteFigures{}) expected.push_back(row);
      }
      CHECK(rows == expected);
    }
  }
};

TEST_CASE("stock book: it follows the database commit by commit", "[storage][promise]") {
  Hub hub;
  hub.count("A1", "store", 10);
  hub.count("A1", "depot", 4);
  CHECK(hub.book.figures(site("store"), sku("A1")).on_hand_milli == pieces(10));
  CHECK(hub.book.total_atp_milli(sku("A1")) == pieces(14));
  hub.allocate(1, "store", {{1, "A1", 3}});
  hub.follow();
  CHECK(hub.book.figures(site("store"), sku("A1")).reserved_milli == pieces(3));
  CHECK(hub.book.total_atp_milli(sku("A1")) == pieces(11));
  hub.pick(1, 2);
  hub.follow();
  hub.shorted(1, 1);
  hub.follow();
  hub.check_same();
  CHECK(hub.book.figures(site("nowhere"), sku("A1")) == domain::SiteFigures{});
  CHECK(hub.book.figures(site("store"), sku("A9")) == domain::SiteFigures{});
  CHECK(hub.book.by_site(sku("A9")).empty());
  CHECK(hub.book.total_atp_milli(sku("A9")) == 0);
}

TEST_CASE("stock book: a shortage of one site takes nothing from another", "[storage][promise]") {
  Hub hub;
  hub.count("A1", "store", 1);
  hub.count("A1", "depot", 4);
  hub.allocate(1, "store", {{1, "A1", 3}});
  hub.follow();
  CHECK(hub.book.figures(site("store"), sku("A1")).atp_milli() == pieces(-2));
  CHECK(hub.book.total_atp_milli(sku("A1")) == pieces(4));
}

TEST_CASE("stock book: figures of any size are kept whole", "[storage][promise]") {
  StockBook book;
  const domain::SiteFigures huge{900'000'000'000, 3, 5, 0};
  const domain::SiteFigures leased{10, 1, 2, 3};
  book.set(site("store"), sku("A1"), huge);
  book.set(site("depot"), sku("A1"), leased);
  book.set(site("store"), sku("A2"), huge);
  CHECK(book.figures(site("store"), sku("A1")) == huge);
  CHECK(book.figures(site("depot"), sku("A1")) == leased);
  CHECK(book.total_atp_milli(sku("A1")) == huge.atp_milli() + leased.atp_milli());
  const domain::SiteFigures small{7, 0, 1, 0};
  book.set(site("store"), sku("A1"), small);
  CHECK(book.figures(site("store"), sku("A1")) == small);
  CHECK(book.figures(site("store"), sku("A2")) == huge);
}

TEST_CASE("stock book: sixteen octets for a cell", "[storage][promise]") {
  Hub hub;
  for (int at = 0; at < 20; ++at) {
    for (const std::string_view article : {"A1", "A2", "A3"}) {
      hub.append(domain::StockEvent(
                     test::counted(article, "B-1", pieces(5), domain::CountSource::kImport)),
                 {}, site("store-" + std::to_string(at)));
    }
  }
  hub.book.load(hub.connection());
  CHECK(hub.book.size().articles == 3);
  CHECK(hub.book.size().cells == 60);
  CHECK(hub.book.size().cell_bytes == 60 * 16);
  hub.check_same();
}

TEST_CASE("stock book: after anything at all it is the database's", "[storage][promise]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Hub hub;
    sim::SimRandom random(seed);
    const std::vector<std::string> articles{"A1", "A2", "A3"};
    const std::vector<std::string> sites{"store", "depot"};
    const auto any = [&random](std::uint64_t below) { return random.next() % below; };
    std::uint64_t groups = 0;
    for (int step = 0; step < 60; ++step) {
      const std::string& article = articles[any(3)];
      const std::string& at = sites[any(2)];
      const auto units = static_cast<std::int64_t>(any(9));
      switch (any(4)) {
        case 0:
          hub.count(article, at, units, any(2) == 0 ? "B-1" : "HOLD-DAMAGED");
          break;
        case 1:
          hub.allocate(++groups, at, {{1, article, units + 1}});
          break;
        case 2:
          if (groups > 0) hub.cancel(1 + any(groups), 1);
          break;
        default:
          if (any(10) == 0) {
            hub.rebuild();
            hub.book.load(hub.connection());
          }
      }
      hub.follow();
    }
    hub.check_same();
    StockBook fresh;
    fresh.load(hub.connection());
    for (const std::string& article : articles) {
      CHECK(fresh.total_atp_milli(sku(article)) == hub.book.total_atp_milli(sku(article)));
    }
  }
}

}  // namespace
}  // namespace cairn::storage::stock_book_test
