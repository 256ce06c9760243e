<?php
// TAP for the clients written in PHP.
$cases = 0;
$bad = 0;
function check(string $name, $got, $wanted): void
{
    global $cases, $bad;
    ++$cases;
    if ($got === $wanted) {
        print "ok $cases - $name\n";
        return;
    }
    ++$bad;
    print "not ok $cases - $name\n# got    " . substr(json_encode($got, JSON_UNESCAPED_UNICODE), 0, 300) . "\n# wanted " . substr(json_encode($wanted, JSON_UNESCAPED_UNICODE), 0, 300) . "\n";
}
function done(int $planned): void
{
    global $bad;
    print "1..$planned\n";
    exit($bad === 0 ? 0 : 1);
}
function big(): string
{
    $out = '';
    for ($i = 0; $i < 60000; ++$i) $out .= "line $i Ж😀;";
    return $out;
}
