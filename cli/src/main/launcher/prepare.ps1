# Finds a JDK, builds nearside and trains its AOT caches where needed (Windows PowerShell 5.1 and
# later). Called by nearside.cmd; prints java=, image= and aot= lines on success. What it leaves in
# cli\target\launch is described in build.sh.
$ErrorActionPreference = 'Stop'
$minimum = 25
$root = (Resolve-Path (Join-Path $PSScriptRoot '..\..\..\..')).Path
$launch = Join-Path $root 'cli\target\launch'

function Say([string] $text) { [Console]::Error.WriteLine($text) }

# The JDK in a folder as an object with Home, Major, Version; nothing where there is none.
function Read-Jdk([string] $folder) {
  if (-not $folder) { return }
  $release = Join-Path $folder 'release'
  if (-not ((Test-Path $release) -and (Test-Path (Join-Path $folder 'bin\java.exe')))) { return }
  $values = @{}
  foreach ($line in [IO.File]::ReadAllLines($release)) {
    if ($line -match '^(\w+)="?([^"]*)"?$') { $values[$Matches[1]] = $Matches[2] }
  }
  $version = $values['JAVA_RUNTIME_VERSION']
  if (-not $version) { $version = $values['JAVA_VERSION'] }
  if ("$($values['JAVA_VERSION'])" -notmatch '^(\d+)') { return }
  [pscustomobject]@{ Home = $folder; Major = [int] $Matches[1]; Version = $version }
}

function Find-Jdk {
  $folders = @($env:JAVA_HOME)
  $onPath = Get-Command java.exe -ErrorAction SilentlyContinue
  if ($onPath) { $folders += Split-Path (Split-Path $onPath.Source) }
  foreach ($parent in "$env:ProgramFiles\Eclipse Adoptium", "$env:ProgramFiles\Java",
    "$env:ProgramFiles\Microsoft", "$env:ProgramFiles\Zulu", "$env:ProgramFiles\Amazon Corretto",
    "$env:USERPROFILE\.jdks", "$env:USERPROFILE\.sdkman\candidates\java",
    "$env:USERPROFILE\scoop\apps") {
    if (Test-Path $parent) { $folders += (Get-ChildItem -Directory $parent).FullName }
  }
  $found = @()
  foreach ($folder in $folders) {
    $jdk = Read-Jdk $folder
    if (-not $jdk) { continue }
    if ($jdk.Major -ge $minimum -and (Test-Path (Join-Path $folder 'bin\javac.exe'))) { return $jdk }
    $found += "  too old, or without a compiler: $folder ($($jdk.Version))"
  }
  Say "nearside: needs JDK $minimum or newer, and found none."
  $found | ForEach-Object { Say $_ }
  Say 'Install one (https://adoptium.net/temurin/releases) or set JAVA_HOME to its folder.'
  exit 1
}

# The folder of the published image; nothing where there is none or a source is newer.
function Get-CurrentImage {
  $pointer = Join-Path $launch 'image'
  if (-not (Test-Path $pointer)) { return }
  $image = Join-Path $launch "image-$([IO.File]::ReadAllText($pointer).Trim())"
  if (-not (Test-Path (Join-Path $image 'lib'))) { return }
  $built = (Get-Item $pointer).LastWriteTimeUtc
  $modules = Get-ChildItem -Directory $root | Where-Object { Test-Path (Join-Path $_ 'pom.xml') }
  $sources = @(Get-Item (Join-Path $root 'pom.xml'))
  foreach ($module in $modules) {
    $sources += Get-Item (Join-Path $module.FullName 'pom.xml')
    $main = Join-Path $module.FullName 'src\main'
    if (Test-Path $main) { $sources += @(Get-Item $main) + @(Get-ChildItem -Recurse $main) }
  }
  # The creation time too: a copy keeps an old modification time.
  if (-not ($sources | Where-Object { $_.LastWriteTimeUtc -gt $built -or $_.CreationTimeUtc -gt $built })) {
    $image
  }
}

# Runs a command line with both streams in a log file; returns its exit code.
function Invoke-Logged([string] $line, [string] $log) {
  cmd.exe /d /s /c "`"$line > `"$log`" 2>&1 < nul`"" | Out-Null
  $LASTEXITCODE
}

function Build-Image($jdk) {
  $maven = Get-Command mvn.cmd -ErrorAction SilentlyContinue
  if (-not $maven) { Say 'nearside: Maven is needed to build it, and there is no mvn on PATH.'; exit 1 }
  Say 'building nearside (one to three minutes) ...'
  $unfinished = Join-Path $launch 'unfinished'
  if (Test-Path $unfinished) {
    Get-ChildItem -Directory $root | ForEach-Object { Join-Path $_.FullName 'target\quick' } |
      Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
  }
  $id = "$(Get-Date -Format 'yyyyMMdd-HHmmss')-$PID"
  $next = Join-Path $launch 'image.next'
  [IO.File]::WriteAllText($next, "$id`n")
  New-Item -ItemType File -Force $unfinished | Out-Null
  $env:JAVA_HOME = $jdk.Home
  $log = Join-Path $launch 'build.log'
  $pom = Join-Path $root 'pom.xml'
  $code = Invoke-Logged "`"$($maven.Source)`" -B -f `"$pom`" -P quick,!format -pl cli -am -Dmaven.test.skip=true package" $log
  Remove-Item $unfinished
  if ($code -ne 0) {
    Say 'nearside: the build failed:'
    Select-String -Path $log -Pattern '^\[(ERROR|FATAL)\]' | Select-Object -First 20 | ForEach-Object { Say $_.Line }
    Say "The whole log: $log"
    exit 1
  }
  $image = Join-Path $launch "image-$id"
  New-Item -ItemType Directory -Force $image | Out-Null
  Copy-Item -Recurse (Join-Path $root 'cli\target\quick\nearside\lib') (Join-Path $image 'lib')
  Move-Item -Force $next (Join-Path $launch 'image')
  # An image that a program still runs on has open jars, and stays.
  Get-ChildItem -Directory $launch -Filter 'image-*' | Where-Object { $_.FullName -ne $image } |
    ForEach-Object { Remove-Item -Recurse -Force $_.FullName -ErrorAction SilentlyContinue }
  $image
}

# Failing costs only speed: the reason stays in training.log.
function Start-Training($jdk, [string] $image, [string] $aot) {
  Say 'preparing a fast start ...'
  New-Item -ItemType Directory -Force $aot | Out-Null
  $env:JAVA_TOOL_OPTIONS = $null
  $env:JDK_JAVA_OPTIONS = $null
  foreach ($profile in 'plain', 'vector') {
    $options = "`"@$PSScriptRoot\jvm.options`" --module-path `"$image\lib`""
    if ($profile -ne 'plain') { $options += " `"@$PSScriptRoot\$profile.options`"" }
    $part = Join-Path $aot "$profile.part"
    $java = "`"$($jdk.Home)\bin\java.exe`" $options -Xlog:all=error"
    $main = 'dev.nearside.cli/dev.nearside.cli'
    $log = Join-Path $launch 'training.log'
    if ($profile -eq 'plain') {
      $code = Invoke-Logged "$java `"-XX:AOTCacheOutput=$part`" -m $main.Training $profile" $log
    } else {
      # In two steps, because with an incubator module the one-step way leaves out lambdas.
      $code = Invoke-Logged "$java `"-XX:DumpLoadedClassList=$part.classes`" -m $main.Training $profile" $log
      if ($code -eq 0) {
        $code = Invoke-Logged ("$java -Xshare:dump `"-XX:SharedClassListFile=$part.classes`" " +
          "`"-XX:SharedArchiveFile=$part`" -m $main.Main") $log
      }
    }
    if ($code -eq 0 -and (Test-Path $part)) { Move-Item -Force $part (Join-Path $aot "$profile.aot") }
  }
  New-Item -ItemType File -Force (Join-Path $aot 'done') | Out-Null
}

$jdk = Find-Jdk
$image = Get-CurrentImage
$aot = if ($image) { Join-Path $image "aot\$($jdk.Version)" }
if (-not $image -or -not (Test-Path (Join-Path $aot 'done'))) {
  New-Item -ItemType Directory -Force $launch | Out-Null
  # An open file is the lock: Windows gives it back when its process ends, however it ends.
  $lock = $null
  while (-not $lock) {
    try { $lock = [IO.File]::Open((Join-Path $launch 'lock.windows'), 'OpenOrCreate', 'ReadWrite', 'None') }
    catch [IO.IOException] { Start-Sleep -Milliseconds 300 }
  }
  try {
    $image = Get-CurrentImage
    if (-not $image) { $image = Build-Image $jdk }
    $aot = Join-Path $image "aot\$($jdk.Version)"
    if (-not (Test-Path (Join-Path $aot 'done'))) { Start-Training $jdk $image $aot }
  } finally { $lock.Dispose() }
}
"java=$($jdk.Home)\bin\java.exe"
"image=$image"
"aot=$aot"
