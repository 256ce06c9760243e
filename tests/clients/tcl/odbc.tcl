# tdbc::odbc.
encoding system utf-8
fconfigure stdout -encoding utf-8
package require tdbc::odbc
puts "# version: tdbc::odbc [package require tdbc::odbc] on Tcl [info patchlevel]"
set cases 0
set bad 0
proc check {name got wanted} {
    global cases bad
    incr cases
    if {$got eq $wanted} {
        puts "ok $cases - $name"
        return
    }
    incr bad
    puts "not ok $cases - $name\n# got [string range $got 0 300]\n# wanted [string range $wanted 0 300]"
}
proc rows {sql {values {}}} {
    set statement [db prepare $sql]
    set out [$statement allrows -as lists $values]
    $statement close
    return $out
}
# Tcl 8.6 holds a character beyond the first plane as the two halves of UTF-16.
proc texts {} { return [list "\u0416 \u00e4\u00f6 \u20ac \ud83d\ude00" "" [string repeat "\ud83d\ude00" 100] "it's"] }

tdbc::odbc::connection create db "DSN=box"
check connect [expr {[db configure -isolation] ne ""}] 1
db allrows {create table k_ddl (Id integer not null primary key, Label varchar(20), D numeric(18,4))}
check tables [dict exists [db tables k_ddl] k_ddl] 1
check columns [lsort [dict keys [db columns k_ddl]]] {D Id Label}
check {primary keys} [dict get [lindex [db primarykeys k_ddl] 0] columnName] Id

db allrows {create table k_u (n integer, s varchar(200))}
set insert [db prepare {insert into k_u values (:n, :s)}]
$insert paramtype s varchar 200
set n 0
foreach s [texts] {
    $insert allrows [list n $n s $s]
    incr n
}
$insert allrows [list n $n]
$insert close
check unicode [lmap row [rows {select s from k_u where s is not null order by n}] {lindex $row 0}] [texts]
check NULL [rows {select n from k_u where s is null}] 4
check {NULL is left out of a dictionary} [db allrows {select n, s from k_u where n = 4}] {{n 4}}
check {unicode in a condition} [rows {select n from k_u where s = :s} [list s [lindex [texts] 0]]] 0
check {unicode in the statement} [rows "select '\ud83d\ude00 \u0416' as x"] [list [list "\ud83d\ude00 \u0416"]]

db allrows {create table k_n (a bigint, d numeric(18,4), e double, f bit)}
set insert [db prepare {insert into k_n values (:a, :d, :e, :f)}]
$insert paramtype a bigint
$insert paramtype d numeric 18 4
$insert paramtype e double
$insert paramtype f bit
$insert allrows {a -4611686018427387904 d -12345678901234.5678 e 0.1 f 1}
$insert close
check numbers [rows {select a, d, e, f from k_n}] {{-4611686018427387904 -12345678901234.5678 0.1 1}}

db allrows {create table k_m (m timestamp, d date, t time)}
db allrows {insert into k_m values (:m, :d, :t)} {m {2024-02-29 23:59:58.123456} d 2024-02-29 t 23:59:58}
check {timestamp, date, time} [rows {select m, d, t from k_m}] {{{2024-02-29 23:59:58.123456} 2024-02-29 23:59:58}}

db allrows {create table k_l (n integer, body longvarchar)}
set big ""
for {set i 0} {$i < 60000} {incr i} { append big "line $i \u0416\ud83d\ude00;" }
set insert [db prepare {insert into k_l values (1, :body)}]
$insert paramtype body longvarchar 2000000
$insert allrows [list body $big]
$insert close
check {a mebibyte of text} [expr {[lindex [rows {select body from k_l}] 0 0] eq $big}] 1

catch {db allrows {select * from Nowhere}} message options
check {an error} [list [lindex [dict get $options -errorcode] 2] [string match *NOWHERE* $message]] {42S02 1}
catch {db allrows {insert into k_ddl values (1, 'a', 1)}; db allrows {insert into k_ddl values (1, 'b', 1)}} message options
check {a constraint} [lindex [dict get $options -errorcode] 1] CONSTRAINT_VIOLATION
catch {tdbc::odbc::connection create other "DSN=box;PWD=wrong"} message options
check {a wrong password} [lindex [dict get $options -errorcode] 2] 28000

db allrows {create table k_t (n integer)}
db begintransaction
db allrows {insert into k_t values (1)}
db rollback
db transaction {db allrows {insert into k_t values (2)}}
check transactions [rows {select n from k_t}] 2
db close
puts "1..16"
exit [expr {$bad != 0}]
