# R's RODBC: its own test sequence (tests.R of the package), then what every client here does.
suppressMessages(library(RODBC))
cat("# version: RODBC", as.character(packageVersion("RODBC")), "on R", paste(R.version$major, R.version$minor, sep = "."), "\n")
cases <- 0
bad <- 0
check <- function(name, got, wanted = TRUE) {
    cases <<- cases + 1
    same <- isTRUE(all.equal(got, wanted, check.attributes = FALSE))
    if (!same) bad <<- bad + 1
    cat(if (same) "ok" else "not ok", cases, "-", name, "\n")
    if (!same) cat("# got", substr(deparse1(got), 1, 400), "\n# wanted", substr(deparse1(wanted), 1, 400), "\n")
}
query <- function(sql, ...) sqlQuery(channel, sql, stringsAsFactors = FALSE, as.is = TRUE, ...)

channel <- odbcConnect("box")
check("connect", inherits(channel, "RODBC"))
check("odbcGetInfo", unname(odbcGetInfo(channel)["DBMS_Name"]), "InterSystems IRIS")
check("sqlTypeInfo", all(c("VARCHAR", "INTEGER", "DOUBLE") %in% sqlTypeInfo(channel)$TYPE_NAME))

# The package's sequence: frames with row names saved, described, changed, read again.
USArrests[1, 2] <- NA
sqlSave(channel, USArrests, rownames = "state", addPK = TRUE)
check("sqlTables", "USArrests" %in% sqlTables(channel)$TABLE_NAME)
check("sqlColumns", sqlColumns(channel, "USArrests")$COLUMN_NAME, c("state", names(USArrests)))
check("sqlPrimaryKeys", sqlPrimaryKeys(channel, "USArrests")$COLUMN_NAME, "state")
check("special columns", nrow(sqlColumns(channel, "USArrests", special = TRUE)) >= 1)
back <- sqlFetch(channel, "USArrests", rownames = "state")
check("sqlFetch", back[row.names(USArrests), ], USArrests)
check("row names", sort(row.names(back)), sort(row.names(USArrests)))
check("sqlQuery", nrow(sqlQuery(channel, "select state, Murder from USArrests where Rape > 30 order by Murder")), sum(USArrests$Rape > 30))
foo <- cbind(state = row.names(USArrests), USArrests)[1:3, c(1, 3)]
foo[1, 2] <- 236
sqlUpdate(channel, foo, "USArrests")
check("sqlUpdate", sqlFetch(channel, "USArrests", rownames = "state")["Alabama", "Assault"], 236)
some <- sqlFetch(channel, "USArrests", rownames = "state", max = 5)
more <- sqlFetchMore(channel, rownames = "state", max = 8)
check("sqlFetchMore", c(nrow(some), nrow(more)), c(5, 8))
sqlDrop(channel, "USArrests")
check("sqlDrop", !"USArrests" %in% sqlTables(channel)$TABLE_NAME)

Btest <- Atest <- data.frame(x = c(paste(1:100, collapse = "+"), letters[2:4]), rn = 1:4, stringsAsFactors = FALSE)
Btest[, 1] <- Atest[c(4, 1:3), 1]
# (Of a longvarchar parameter RODBC allocates its 2,147,483,647 characters, which overflow; literals do.)
varspec <- c(x = "longvarchar")
sqlSave(channel, Atest, varTypes = varspec, rownames = FALSE, fast = FALSE)
check("long varchar column", sqlFetch(channel, "Atest", stringsAsFactors = FALSE)$x, Atest$x)
sqlUpdate(channel, Btest, "Atest", index = "rn", fast = FALSE)
check("long varchar changed", sqlFetch(channel, "Atest", stringsAsFactors = FALSE)$x, Btest$x)
sqlDrop(channel, "Atest")

dates <- as.character(seq(as.Date("2004-01-01"), by = "week", length.out = 10))
times <- sprintf("%02d:05:00", 1:10)
dt <- as.POSIXct(paste(dates, times), tz = "UTC")
Dtest <- data.frame(dates, times, dt, logi = c(TRUE, NA, FALSE, FALSE, FALSE))
varspec <- c(dates = "date", times = "time", dt = "timestamp", logi = "varchar(5)")
sqlSave(channel, Dtest, varTypes = varspec, rownames = FALSE)
got <- sqlFetch(channel, "Dtest", stringsAsFactors = FALSE)
check("dates", as.character(got$dates), dates)
check("times", got$times, times)
check("timestamps", format(got$dt, "%Y-%m-%d %H:%M:%S"), format(dt, "%Y-%m-%d %H:%M:%S"))
check("logicals", as.logical(got$logi), Dtest$logi)
sqlDrop(channel, "Dtest")

# Names with spaces, quotes in values; fast goes by parameters, the other way by literals.
hills <- data.frame(dist = c(2.5, 6, 7.5, 8, 16), climb = c(650, 2500, 800, 3070, 7500), time = c(16.083, 48.350, 45.600, 62.267, NA))
row.names(hills) <- c("Greenmantle", "Carnethy", "Dollar ('$')", "Ben Ж 😀", "Lairig Ghru")
for (fast in c(TRUE, FALSE)) {
    sqlSave(channel, hills, "hills test", fast = fast)
    changed <- transform(hills, climb = climb + 1)
    sqlUpdate(channel, changed[3:5, ], "hills test", fast = fast)
    got <- sqlFetch(channel, "hills test")
    check(paste("hills test, fast =", fast), got[row.names(hills), ], rbind(hills[1:2, ], changed[3:5, ]))
    sqlDrop(channel, "hills test")
}

# What every client does.
texts <- c("Ж äö € 😀 𝒳", "it's", NA, strrep("😀", 100))
# (RODBC counts bytes where the column counts characters.)
invisible(query("create table r_u (n integer, s varchar(800))"))
sqlSave(channel, data.frame(n = 1:4, s = texts, stringsAsFactors = FALSE), "r_u", append = TRUE, rownames = FALSE)
check("unicode and NULL", enc2utf8(query("select s from r_u order by n")$s), texts)
check("unicode in the statement", query("select cast('😀 Ж' as varchar(20))")[[1]], "😀 Ж")
invisible(query("create table r_d (d numeric(18,4), m timestamp)"))
invisible(query("insert into r_d values (-12345678901234.5678, '2024-02-29 23:59:58.123456')"))
check("decimal", query("select d from r_d")$d, "-12345678901234.5678")
check("timestamp with a fraction", query("select m from r_d")$m, "2024-02-29 23:59:58.123456")
big <- paste0("line ", 1:60000, " Ж😀;", collapse = "")
invisible(query("create table r_l (n integer, body longvarchar)"))
# RODBC binds 65,535 bytes of a long column and no more; the text goes in and out in parts of that.
parts <- substring(big, seq(1, nchar(big), 8000), pmin(seq(8000, nchar(big) + 7999, 8000), nchar(big)))
sqlSave(channel, data.frame(n = seq_along(parts), body = parts, stringsAsFactors = FALSE), "r_l", append = TRUE, rownames = FALSE, fast = FALSE)
check("a mebibyte of text", paste(query("select body from r_l order by n", max = 0)$body, collapse = "") == big)
failure <- query("select * from Nowhere")
check("errors have their state", any(grepl("^42S02.*NOWHERE|^S0002.*NOWHERE", gsub("\n", " ", failure))))
odbcSetAutoCommit(channel, FALSE)
invisible(query("create table r_t (n integer)"))
invisible(query("insert into r_t values (1)"))
odbcEndTran(channel, FALSE)
invisible(query("create table r_t (n integer)", errors = FALSE))
invisible(query("insert into r_t values (2)"))
odbcEndTran(channel, TRUE)
odbcSetAutoCommit(channel, TRUE)
check("transactions", query("select n from r_t")$n, 2)
odbcClose(channel)
check("a wrong password", suppressWarnings(odbcDriverConnect("DSN=box;PWD=wrong")), -1)
cat("1..29\n")
quit(status = if (bad == 0) 0 else 1)
