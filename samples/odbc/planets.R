# ODBC from R by RODBC. Rscript planets.R "DSN=irislink-sandbox;UID=demo;PWD=..."
library(RODBC)

given <- commandArgs(trailingOnly = TRUE)
db <- odbcDriverConnect(if (length(given) > 0) given[1] else "DSN=irislink-sandbox", DBMSencoding = "UTF-8")
if (!inherits(db, "RODBC")) quit(status = 1)
run <- function(sql) {
    done <- sqlQuery(db, sql, errors = FALSE)
    if (identical(done, -1L)) stop(paste(odbcGetErrMsg(db), collapse = "\n"))
    invisible(done)
}
run("create table if not exists OdbcPlanet (Name varchar(20), Mass numeric(8,3))")
run("delete from OdbcPlanet")
run("insert into OdbcPlanet values ('Mars \U1F680', 0.642)")
run("insert into OdbcPlanet values ('Earth', 5.972)")
planets <- run("select Name, Mass from OdbcPlanet where Mass < 10 order by Mass")
cat(sprintf("%s: %s\n", planets$Name, planets$Mass), sep = "")
odbcClose(db)
