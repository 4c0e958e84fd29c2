@echo off
rem Starts nearside on Windows: finds a JDK, builds on first use and when sources changed, runs.
rem   NEARSIDE_JVM_OPTIONS   more options for the JVM, separated by blanks
rem   NEARSIDE_KERNELS       scalar or machine: start without the Vector API, which is quicker
rem The slow parts are in cli\src\main\launcher\prepare.ps1. Unlike ./nearside, this leaves the
rem JVM's stderr alone: a start that computes shows the line that announces the Vector API.
setlocal DisableDelayedExpansion
set "root=%~dp0"
set "scripts=%root%cli\src\main\launcher"
set "java=" & set "image=" & set "aot="
for /f "usebackq tokens=1,* delims==" %%a in (`powershell -NoProfile -ExecutionPolicy Bypass -File "%scripts%\prepare.ps1"`) do set "%%a=%%b"
if not defined java exit /b 1

set "profile=plain"
if /i "%NEARSIDE_KERNELS%"=="scalar" goto start
if /i "%NEARSIDE_KERNELS%"=="machine" goto start
rem A verb that is not listed computes; words before the verb that begin with - are options.
for %%w in (help version list ls pull show rm cp prune tokenize template completion ps stop catalog -h -V --help --version) do if /i "%~1"=="%%w" goto start
if not "%~1"=="" set "profile=vector"

:start
set "more="
if "%profile%"=="vector" set "more="@%scripts%\vector.options""
rem Replies are UTF-8, whatever the console shows otherwise.
set "codepage="
for /f "tokens=2 delims=:." %%a in ('chcp') do set "codepage=%%a"
chcp 65001 >nul
"%java%" "@%scripts%\jvm.options" --module-path "%image%\lib" %more% "-XX:AOTCache=%aot%\%profile%.aot" %NEARSIDE_JVM_OPTIONS% -m dev.nearside.cli/dev.nearside.cli.Main %*
set "code=%errorlevel%"
if defined codepage chcp %codepage% >nul
exit /b %code%
