// The table of application identifiers. `format` reads N digits, X character set 82, Y 39, Z 64;
// "..20" is 1 to 20, "[ ]" may be absent; after the comma what else must be true. A link attribute
// is every identifier without not_in_link().

#include "core/gs1/application_identifier.h"
#include "core/gs1/detail/format_notation.h"

#include <algorithm>

namespace cairn::gs1 {
namespace {

/// A row under construction; each function gives the row with one more fact.
struct Row {
  ApplicationIdentifier facts;

  [[nodiscard]] consteval Row need(std::string_view alternatives) const {
    Row row = *this;
    row.facts.needs = alternatives;
    return row;
  }
  [[nodiscard]] consteval Row exclude(std::string_view ais) const {
    Row row = *this;
    row.facts.excludes = ais;
    return row;
  }
  [[nodiscard]] consteval Row key(std::string_view qualifiers = "") const {
    Row row = *this;
    row.facts.link_key = true;
    row.facts.link_qualifiers = qualifiers;
    return row;
  }
  [[nodiscard]] consteval Row not_in_link() const {
    Row row = *this;
    row.facts.link_attribute = false;
    return row;
  }
  // NOLINTNEXTLINE(google-explicit-constructor): the table is a list of identifiers
  consteval operator ApplicationIdentifier() const { return facts; }
};

consteval bool has_predefined_length(std::string_view ai) {
  const int begin = (ai[0] - '0') * 10 + (ai[1] - '0');
  return begin <= 4 || (begin >= 11 && begin <= 20) || (begin >= 31 && begin <= 36) || begin == 41;
}

/// `ais`: "01", or a run "3100-3105".
consteval Row ai(std::string_view ais, std::string_view title, std::string_view format) {
  const std::size_t dash = ais.find('-');
  ApplicationIdentifier facts;
  facts.first = ais.substr(0, dash);
  facts.last = dash == std::string_view::npos ? facts.first : ais.substr(dash + 1);
  facts.title = title;
  facts.format = detail::read_format(format);
  facts.predefined_length = has_predefined_length(facts.first);
  return {facts};
}

/// A measure of a trade item: "310" stands for 3100 to 3105, whose last digit is the number of
/// decimals.
consteval Row measure(std::string_view ais, std::string_view own, std::string_view title) {
  return ai(ais, title, "N6").need("01,02").exclude(own);
}
/// A measure of a logistic unit.
consteval Row logistic(std::string_view ais, std::string_view own, std::string_view title) {
  return ai(ais, title, "N6").need("00,01").exclude(own);
}

constexpr std::string_view kItem = "01,02,8006,8026";
constexpr std::string_view kAnyItem = "01,02,03,8006,8026";
constexpr std::string_view kSoldByMeasure = "30,31nn,32nn,35nn,36nn";
constexpr std::string_view kCountries =
    "N3,iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166";

constexpr auto kTable = std::to_array<ApplicationIdentifier>({
    ai("00", "SSCC", "N18,csum,gcppos2").key(),
    ai("01", "GTIN", "N14,csum,gcppos2").exclude("255,37").key("22,10,21|235"),
    ai("02", "CONTENT", "N14,csum,gcppos2").need("37").exclude("01,03"),
    ai("03", "MTO GTIN", "N14,csum,gcppos2").exclude("01,02,37,235").not_in_link(),
    ai("10", "BATCH/LOT", "X..20").need(kAnyItem),
    ai("11", "PROD DATE", "N6,yymmd0").need(kAnyItem),
    ai("12", "DUE DATE", "N6,yymmd0").need("8020"),
    ai("13", "PACK DATE", "N6,yymmd0").need(kAnyItem),
    ai("15", "BEST BEFORE or BEST BY", "N6,yymmd0").need(kAnyItem),
    ai("16", "SELL BY", "N6,yymmd0").need(kAnyItem),
    ai("17", "USE BY or EXPIRY", "N6,yymmd0").need("01,02,03,255,8006,8026"),
    ai("20", "VARIANT", "N2").need(kAnyItem),
    ai("21", "SERIAL", "X..20").need("01,03,8006").exclude("235").not_in_link(),
    ai("22", "CPV", "X..20").need("01").not_in_link(),
    ai("235", "TPX", "X..28").need("01").not_in_link(),
    ai("240", "ADDITIONAL ID", "X..30").need(kAnyItem),
    ai("241", "CUST. PART No.", "X..30").need(kAnyItem),
    ai("242", "MTO VARIANT", "N..6").need(kItem),
    ai("243", "PCN", "X..20").need("01,03"),
    ai("250", "SECONDARY SERIAL", "X..30").need("01+21,03+21,8006+21"),
    ai("251", "REF. TO SOURCE", "X..30").need("01,03,8006"),
    ai("253", "GDTI", "N13,csum,gcppos1 [X..17]").key(),
    ai("254", "GLN EXTENSION COMPONENT", "X..20").need("414").not_in_link(),
    ai("255", "GCN", "N13,csum,gcppos1 [N..12]").exclude("01,02,415,8006,8020,8026").key(),
    ai("30", "VAR. COUNT", "N..8").need("01,02"),
    measure("3100-3105", "310n", "NET WEIGHT (kg)"),
    measure("3110-3115", "311n", "LENGTH (m)"),
    measure("3120-3125", "312n", "WIDTH (m)"),
    measure("3130-3135", "313n", "HEIGHT (m)"),
    measure("3140-3145", "314n", "AREA (m²)"),
    measure("3150-3155", "315n", "NET VOLUME (l)"),
    measure("3160-3165", "316n", "NET VOLUME (m³)"),
    measure("3200-3205", "320n", "NET WEIGHT (lb)"),
    measure("3210-3215", "321n", "LENGTH (in)"),
    measure("3220-3225", "322n", "LENGTH (ft)"),
    measure("3230-3235", "323n", "LENGTH (yd)"),
    measure("3240-3245", "324n", "WIDTH (in)"),
    measure("3250-3255", "325n", "WIDTH (ft)"),
    measure("3260-3265", "326n", "WIDTH (yd)"),
    measure("3270-3275", "327n", "HEIGHT (in)"),
    measure("3280-3285", "328n", "HEIGHT (ft)"),
    measure("3290-3295", "329n", "HEIGHT (yd)"),
    logistic("3300-3305", "330n", "GROSS WEIGHT (kg)"),
    logistic("3310-3315", "331n", "LENGTH (m), log"),
    logistic("3320-3325", "332n", "WIDTH (m), log"),
    logistic("3330-3335", "333n", "HEIGHT (m), log"),
    logistic("3340-3345", "334n", "AREA (m²), log"),
    logistic("3350-3355", "335n", "VOLUME (l), log"),
    logistic("3360-3365", "336n", "VOLUME (m³), log"),
    ai("3370-3375", "KG PER m²", "N6").need("01").exclude("337n"),
    logistic("3400-3405", "340n", "GROSS WEIGHT (lb)"),
    logistic("3410-3415", "341n", "LENGTH (in), log"),
    logistic("3420-3425", "342n", "LENGTH (ft), log"),
    logistic("3430-3435", "343n", "LENGTH (yd), log"),
    logistic("3440-3445", "344n", "WIDTH (in), log"),
    logistic("3450-3455", "345n", "WIDTH (ft), log"),
    logistic("3460-3465", "346n", "WIDTH (yd), log"),
    logistic("3470-3475", "347n", "HEIGHT (in), log"),
    logistic("3480-3485", "348n", "HEIGHT (ft), log"),
    logistic("3490-3495", "349n", "HEIGHT (yd), log"),
    measure("3500-3505", "350n", "AREA (in²)"),
    measure("3510-3515", "351n", "AREA (ft²)"),
    measure("3520-3525", "352n", "AREA (yd²)"),
    logistic("3530-3535", "353n", "AREA (in²), log"),
    logistic("3540-3545", "354n", "AREA (ft²), log"),
    logistic("3550-3555", "355n", "AREA (yd²), log"),
    measure("3560-3565", "356n", "NET WEIGHT (tr oz)"),
    measure("3570-3575", "357n", "NET VOLUME (oz)"),
    measure("3600-3605", "360n", "NET VOLUME (qt)"),
    measure("3610-3615", "361n", "NET VOLUME (gal.)"),
    logistic("3620-3625", "362n", "VOLUME (qt), log"),
    logistic("3630-3635", "363n", "VOLUME (gal.), log"),
    measure("3640-3645", "364n", "VOLUME (in³)"),
    measure("3650-3655", "365n", "VOLUME (ft³)"),
    measure("3660-3665", "366n", "VOLUME (yd³)"),
    logistic("3670-3675", "367n", "VOLUME (in³), log"),
    logistic("3680-3685", "368n", "VOLUME (ft³), log"),
    logistic("3690-3695", "369n", "VOLUME (yd³), log"),
    ai("37", "COUNT", "N..8").need("00+02,00+8026"),
    ai("3900-3909", "AMOUNT", "N..15").need("255,8020").exclude("390n,391n,394n,8111"),
    ai("3910-3919", "AMOUNT", "N3,iso4217 N..15").need("8020").exclude("391n"),
    ai("3920-3929", "PRICE", "N..15")
        .need("01+30,01+31nn,01+32nn,01+35nn,01+36nn")
        .exclude("392n,393n"),
    ai("3930-3939", "PRICE", "N3,iso4217 N..15").need(kSoldByMeasure).exclude("393n"),
    ai("3940-3943", "PRCNT OFF", "N4").need("255").exclude("394n,8111"),
    ai("3950-3955", "PRICE/UoM", "N6").need(kSoldByMeasure).exclude("392n,393n,395n,8005"),
    ai("400", "ORDER NUMBER", "X..30"),
    ai("401", "GINC", "X..30,gcppos1").key(),
    ai("402", "GSIN", "N17,csum,gcppos1").key(),
    ai("403", "ROUTE", "X..30").need("00"),
    ai("410", "SHIP TO LOC", "N13,csum,gcppos1"),
    ai("411", "BILL TO", "N13,csum,gcppos1"),
    ai("412", "PURCHASE FROM", "N13,csum,gcppos1"),
    ai("413", "SHIP FOR LOC", "N13,csum,gcppos1"),
    ai("414", "LOC No.", "N13,csum,gcppos1").key("254|7040"),
    ai("415", "PAY TO", "N13,csum,gcppos1").need("8020").key("8020"),
    ai("416", "PROD/SERV LOC", "N13,csum,gcppos1"),
    ai("417", "PARTY", "N13,csum,gcppos1").key("7040"),
    ai("420", "SHIP TO POST", "X..20").exclude("421"),
    ai("421", "SHIP TO POST", "N3,iso3166 X..9").exclude("4307"),
    ai("422", "ORIGIN", "N3,iso3166").need(kAnyItem).exclude("426"),
    ai("423", "COUNTRY - INITIAL PROCESS", kCountries).need("01,02,03").exclude("426"),
    ai("424", "COUNTRY - PROCESS", "N3,iso3166").need("01,02,03").exclude("426"),
    ai("425", "COUNTRY - DISASSEMBLY", kCountries).need("01,02,03").exclude("426"),
    ai("426", "COUNTRY - FULL PROCESS", "N3,iso3166").need("01,02,03"),
    ai("427", "ORIGIN SUBDIVISION", "X..3").need("01+422,02+422,03+422"),
    ai("4300", "SHIP TO COMP", "X..35,pcenc").need("00"),
    ai("4301", "SHIP TO NAME", "X..35,pcenc").need("00"),
    ai("4302", "SHIP TO ADD1", "X..70,pcenc").need("00"),
    ai("4303", "SHIP TO ADD2", "X..70,pcenc").need("4302"),
    ai("4304", "SHIP TO SUB", "X..70,pcenc").need("00"),
    ai("4305", "SHIP TO LOC", "X..70,pcenc").need("00"),
    ai("4306", "SHIP TO REG", "X..70,pcenc").need("00"),
    ai("4307", "SHIP TO COUNTRY", "X2,iso3166alpha2").need("00"),
    ai("4308", "SHIP TO PHONE", "X..30").need("00"),
    ai("4309", "SHIP TO GEO", "N10,latitude N10,longitude").need("00"),
    ai("4310", "RTN TO COMP", "X..35,pcenc").need("00"),
    ai("4311", "RTN TO NAME", "X..35,pcenc").need("00"),
    ai("4312", "RTN TO ADD1", "X..70,pcenc").need("00"),
    ai("4313", "RTN TO ADD2", "X..70,pcenc").need("4312"),
    ai("4314", "RTN TO SUB", "X..70,pcenc").need("00"),
    ai("4315", "RTN TO LOC", "X..70,pcenc").need("00"),
    ai("4316", "RTN TO REG", "X..70,pcenc").need("00"),
    ai("4317", "RTN TO COUNTRY", "X2,iso3166alpha2").need("00"),
    ai("4318", "RTN TO POST", "X..20").need("00"),
    ai("4319", "RTN TO PHONE", "X..30").need("00"),
    ai("4320", "SRV DESCRIPTION", "X..35,pcenc").need("00"),
    ai("4321", "DANGEROUS GOODS", "N1,yesno").need("00"),
    ai("4322", "AUTH TO LEAVE", "N1,yesno").need("00"),
    ai("4323", "SIG REQUIRED", "N1,yesno").need("00"),
    ai("4324", "NOT BEF DEL DT", "N6,yymmd0 N4,hhmi").need("00"),
    ai("4325", "NOT AFT DEL DT", "N6,yymmd0 N4,hhmi").need("00"),
    ai("4326", "REL DATE", "N6,yymmdd").need("00"),
    ai("4330", "MAX TEMP F.", "N6 [X1],hyphen").need("00").exclude("4331"),
    ai("4331", "MAX TEMP C.", "N6 [X1],hyphen").need("00").exclude("4330"),
    ai("4332", "MIN TEMP F.", "N6 [X1],hyphen").need("00").exclude("4333"),
    ai("4333", "MIN TEMP C.", "N6 [X1],hyphen").need("00").exclude("4332"),
    ai("7001", "NSN", "N13").need(kItem),
    ai("7002", "MEAT CUT", "X..30").need("01,02"),
    ai("7003", "EXPIRY TIME", "N6,yymmdd N4,hhmi").need("01,02,03"),
    ai("7004", "ACTIVE POTENCY", "N..4").need("01+10,03+10"),
    ai("7005", "CATCH AREA", "X..12").need("01,02"),
    ai("7006", "FIRST FREEZE DATE", "N6,yymmdd").need("01,02"),
    ai("7007", "HARVEST DATE", "N6,yymmdd [N6],yymmdd").need("01,02"),
    ai("7008", "AQUATIC SPECIES", "X..3").need("01,02"),
    ai("7009", "FISHING GEAR TYPE", "X..10").need("01,02"),
    ai("7010", "PROD METHOD", "X..2").need("01,02,03"),
    ai("7011", "TEST BY DATE", "N6,yymmdd [N4],hhmi").need("01,02,03"),
    ai("7020", "REFURB LOT", "X..20").need("01+416,03+416,8006+416"),
    ai("7021", "FUNC STAT", "X..20").need("01,03,8006"),
    ai("7022", "REV STAT", "X..20").need("01+7021,03+7021,8006+7021"),
    ai("7023", "GIAI - ASSEMBLY", "X..30,gcppos1"),
    ai("7030-7039", "PROCESSOR", "N3,iso3166999 X..27").need("01,02"),
    ai("7040", "UIC+EXT", "N1 X1 X1 X1,importeridx").not_in_link(),
    ai("7041", "UFRGT UNIT TYPE", "X..4,packagetype").need("00").not_in_link(),
    ai("710", "NHRN PZN", "X..20").need("01"),
    ai("711", "NHRN CIP", "X..20").need("01"),
    ai("712", "NHRN CN", "X..20").need("01"),
    ai("713", "NHRN DRN", "X..20").need("01"),
    ai("714", "NHRN AIM", "X..20").need("01"),
    ai("715", "NHRN NDC", "X..20").need("01"),
    ai("716", "NHRN AIC", "X..20").need("01"),
    ai("717", "NHRN SRN", "X..20").need("01"),
    ai("7230-7239", "CERT", "X2 X..28").need("01,8004"),
    ai("7240", "PROTOCOL", "X..20").need("01,8006").exclude("03"),
    ai("7241", "AIDC MEDIA TYPE", "N2,mediatype").need("8017,8018"),
    ai("7242", "VCN", "X..25").need("8017,8018"),
    ai("7250", "DOB", "N8,yyyymmdd").need("8018").exclude("7251"),
    ai("7251", "DOB TIME", "N8,yyyymmdd N4,hhmi").need("8018").exclude("7250"),
    ai("7252", "BIO SEX", "N1,iso5218").need("8018"),
    ai("7253", "FAMILY NAME", "X..40,pcenc").need("8017,8018").exclude("7256,7259"),
    ai("7254", "GIVEN NAME", "X..40,pcenc").need("8017,8018").exclude("7256,7259"),
    ai("7255", "SUFFIX", "X..10").need("8017,8018").exclude("7256,7259"),
    ai("7256", "FULL NAME", "X..90,pcenc").need("8017,8018"),
    ai("7257", "PERSON ADDR", "X..70,pcenc").need("8018"),
    ai("7258", "BIRTH SEQUENCE", "X3,posinseqslash").need("8018+7259"),
    ai("7259", "BABY", "X..40,pcenc").need("8018").exclude("7256"),
    ai("8001", "DIMENSIONS", "N4,nonzero N5,nonzero N3,nonzero N1,winding N1").need("01"),
    ai("8002", "CMT No.", "X..20"),
    ai("8003", "GRAI", "N1,zero N13,csum,gcppos1 [X..16]").key(),
    ai("8004", "GIAI", "X..30,gcppos1").key("7040"),
    ai("8005", "PRICE PER UNIT", "N6").need("01,02"),
    ai("8006", "ITIP", "N14,csum,gcppos2 N4,pieceoftotal").exclude("01,03,37").key("22,10,21"),
    ai("8007", "IBAN", "X..34,iban").need("415"),
    ai("8008", "PROD TIME", "N6,yymmdd N2,hh [N2],mi [N2],ss").need("01,02,03"),
    ai("8009", "OPTSEN", "X..50").need("00,01,03"),
    ai("8010", "CPID", "Y..30,gcppos1").key("8011"),
    ai("8011", "CPID SERIAL", "N..12,nozeroprefix").need("8010").not_in_link(),
    ai("8012", "VERSION", "X..20").need("01,03,8006"),
    ai("8013", "GMN", "X..25,csumalpha,gcppos1").key(),
    ai("8014", "MUDI", "X..25,csumalpha,gcppos1,hasnondigit").need("01").not_in_link(),
    ai("8017", "GSRN - PROVIDER", "N18,csum,gcppos1").exclude("8018").key("8019"),
    ai("8018", "GSRN - RECIPIENT", "N18,csum,gcppos1").exclude("8017").key("8019"),
    ai("8019", "SRIN", "N..10").need("8017,8018").not_in_link(),
    ai("8020", "REF No.", "X..25").need("415").not_in_link(),
    ai("8026", "ITIP CONTENT", "N14,csum,gcppos2 N4,pieceoftotal").need("37").exclude("02,03,8006"),
    ai("8030", "DIGSIG", "Z..90")
        .need("00,01+21,03+21,253,255,8003,8004,8006+21,8010+8011,8017,8018"),
    ai("8040", "IMEI", "N15").need("01+21").not_in_link(),
    ai("8041", "IMEI2", "N15").need("01+21+8040").not_in_link(),
    ai("8042", "ESIM", "N32").need("01+21+8040").not_in_link(),
    ai("8043", "PSIM", "N18 [N..2]").need("01+21+8040").not_in_link(),
    ai("8110", "", "X..70,couponcode"),
    ai("8111", "POINTS", "N4").need("255"),
    ai("8112", "", "X..70,couponposoffer"),
    ai("8200", "PRODUCT URL", "X..70").need("01").not_in_link(),
    ai("90", "INTERNAL", "X..30"),
    ai("91-99", "INTERNAL", "X..90"),
});

static_assert(std::ranges::is_sorted(kTable, {}, &ApplicationIdentifier::first));

}  // namespace

std::span<const ApplicationIdentifier> application_identifiers() { return kTable; }

}  // namespace cairn::gs1
