#pragma once
// SQLite with nothing around it: what a careful programmer would write if there were only this one
// thing to do. Prepared statements, WAL, synchronous=FULL. Errors end the process.

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::bench::raw {

class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle_); }

  Statement& integer(int place, std::int64_t value);
  Statement& text(int place, std::string_view value);  ///< must outlive run()
  Statement& blob(int place, std::string_view value);  ///< must outlive run()
  Statement& null(int place);
  void run();

 private:
  sqlite3_stmt* handle_ = nullptr;
};

class Database {
 public:
  explicit Database(const std::string& file);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { sqlite3_close(handle_); }

  sqlite3* handle() { return handle_; }
  void execute(const char* sql);

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace cairn::bench::raw
