"""What ./nearside does, tried with a JDK and a Maven that are scripts. No network.

Run: python3 -m unittest discover -s cli/src/test/launcher -p 'test_launcher.py'
"""

import os
import pty
import signal
import subprocess
import unittest

from fixture import FakeHouse, jdk

WARNING = "WARNING: Using incubator modules: jdk.incubator.vector"


class FindsJdk(FakeHouse):
    def used(self, result):
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.splitlines()[0]

    def test_java_home_new_enough_is_used(self):
        jdk(self.jvms / "a", "25.0.1")
        home = jdk(self.top / "my jdk", "26-ea")
        result = self.run_launcher("list", JAVA_HOME=str(home))
        self.assertEqual(self.used(result), f"{home}/bin/java")

    def test_java_home_too_old_is_passed_over(self):
        home = jdk(self.jvms / "b", "25.0.3")
        old = jdk(self.top / "old", "21.0.1")
        result = self.run_launcher("list", JAVA_HOME=str(old))
        self.assertEqual(self.used(result), f"{home}/bin/java")

    def test_older_java_on_path_is_passed_over(self):
        old = jdk(self.jvms / "java-17", "17.0.15")
        os.symlink(old / "bin" / "java", self.bin / "java")
        home = jdk(self.jvms / "java-25", "25")
        self.assertEqual(self.used(self.run_launcher("list")), f"{home}/bin/java")

    def test_path_behind_two_links_is_found(self):
        home = jdk(self.top / "somewhere", "25.0.3")
        os.symlink(home / "bin" / "java", self.top / "alternative")
        os.symlink("../alternative", self.bin / "java")
        self.assertEqual(self.used(self.run_launcher("list")), f"{home}/bin/java")

    def test_sdkman_is_searched(self):
        home = jdk(self.top / "home/.sdkman/candidates/java/25.0.3-tem", "25.0.3")
        self.assertEqual(self.used(self.run_launcher("list")), f"{home}/bin/java")

    def test_macos_bundle_is_searched(self):
        home = jdk(self.jvms / "temurin-25.jdk/Contents/Home", "25.0.3")
        self.assertEqual(self.used(self.run_launcher("list")), f"{home}/bin/java")

    def test_runtime_without_compiler_is_named_and_refused(self):
        home = jdk(self.jvms / "jre", "25.0.3", compiler=False)
        result = self.run_launcher("list")
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"found a runtime without a compiler: {home}", result.stderr)

    def test_none_is_a_clear_message(self):
        old = jdk(self.jvms / "java-17", "17.0.15")
        os.symlink(old / "bin" / "java", self.bin / "java")
        older = jdk(self.jvms / "java-8", "1.8.0_400")
        result = self.run_launcher("list", JAVA_HOME=str(self.top / "nowhere"))
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, "")
        self.assertIn("needs JDK 25 or newer", result.stderr)
        self.assertIn("nowhere is not the home of a JDK", result.stderr)
        self.assertIn(f"too old: {old} (17.0.15+1), the one PATH's java belongs to", result.stderr)
        self.assertIn(f"too old: {older}", result.stderr)
        self.assertEqual(self.logged("maven"), 0)

    def test_jdk_that_is_gone_is_searched_again(self):
        first = jdk(self.jvms / "a", "25.0.1")
        second = jdk(self.jvms / "b", "25.0.2")
        self.assertEqual(self.used(self.run_launcher("list")), f"{first}/bin/java")
        (first / "release").unlink()
        self.assertEqual(self.used(self.run_launcher("list")), f"{second}/bin/java")
        self.assertEqual(self.logged("maven"), 1, "another JDK needs no other jars")
        self.assertEqual(self.logged("training"), 4, "but its own AOT caches")


class Builds(FakeHouse):
    def setUp(self):
        super().setUp()
        jdk(self.jvms / "jdk", "25.0.3")

    def assert_built(self, times):
        self.assertEqual(self.logged("maven"), times)

    def test_first_use_builds_and_trains_once(self):
        first = self.run_launcher("list")
        self.assertEqual(first.returncode, 0)
        self.assertIn("building nearside (first use", first.stderr)
        second = self.run_launcher("list")
        self.assertEqual(second.stderr, "")
        self.assert_built(1)
        self.assertEqual(self.logged("training"), 2)
        self.assertEqual(self.logged("java"), 2)

    def test_changed_source_rebuilds(self):
        self.run_launcher("list")
        self.source.write_text("class Main { }")
        result = self.run_launcher("list")
        self.assertIn("sources changed", result.stderr)
        self.assert_built(2)

    def test_source_with_an_old_time_rebuilds(self):
        self.run_launcher("list")
        self.source.write_text("class Main { int older; }")
        os.utime(self.source, (0, 0))
        self.run_launcher("list")
        self.assert_built(2)

    def test_deleted_source_rebuilds(self):
        self.run_launcher("list")
        self.source.unlink()
        self.run_launcher("list")
        self.assert_built(2)

    def test_changed_pom_rebuilds(self):
        self.run_launcher("list")
        (self.root / "cli/pom.xml").write_text("<project></project>")
        self.run_launcher("list")
        self.assert_built(2)

    def test_source_changed_during_the_build_rebuilds_next_time(self):
        change = 'sleep 0.1; echo changed >"$root/cli/src/main/java/Main.java"'
        self.run_launcher("list", FAKE_MAVEN=change)
        self.run_launcher("list")
        self.assert_built(2)

    def test_failed_build_shows_errors_only_and_is_tried_again(self):
        failing = "echo '[INFO] chatter'; echo '[ERROR] Main.java:[1,2] no'; exit 1"
        result = self.run_launcher("list", FAKE_MAVEN=failing)
        self.assertEqual(result.returncode, 1)
        self.assertIn("[ERROR] Main.java:[1,2] no", result.stderr)
        self.assertIn("build.log", result.stderr)
        self.assertNotIn("chatter", result.stderr)
        self.assertEqual(self.logged("java"), 0)
        self.assertEqual(self.run_launcher("list").returncode, 0)

    def test_failed_rebuild_does_not_run_the_old_program(self):
        self.run_launcher("list")
        self.source.write_text("broken")
        result = self.run_launcher("list", FAKE_MAVEN="exit 1")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(self.logged("java"), 1)

    def test_no_maven_is_a_clear_message(self):
        (self.bin / "mvn").unlink()
        result = self.run_launcher("list")
        self.assertEqual(result.returncode, 1)
        self.assertIn("Maven is needed", result.stderr)

    def test_two_at_once_build_once(self):
        both = [self.start_launcher("list", FAKE_MAVEN="sleep 1") for _ in range(2)]
        results = [process.communicate(timeout=60) for process in both]
        self.assertEqual([process.returncode for process in both], [0, 0], results)
        self.assert_built(1)
        self.assertEqual(self.logged("training"), 2)
        self.assertEqual(sum("waiting for another" in err for _, err in results), 1)

    def test_lock_of_a_dead_process_is_taken_over(self):
        dead = subprocess.Popen(["true"])
        dead.wait()
        (self.launch / "lock").mkdir(parents=True)
        (self.launch / "lock/owner").write_text(f"{dead.pid}\n")
        self.assertEqual(self.run_launcher("list").returncode, 0)
        self.assert_built(1)
        self.assertFalse((self.launch / "lock").exists())

    def test_interrupt_ends_maven_and_the_next_build_starts_afresh(self):
        half = 'mkdir -p "$root/cli/target/quick"; echo half >"$root/cli/target/quick/half"; sleep 60'
        process = self.start_launcher("list", FAKE_MAVEN=f'echo $$ >"{self.top}/pid"; {half}')
        self.wait_for((self.root / "cli/target/quick/half").exists, "Maven is at work")
        maven = int((self.top / "pid").read_text())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.wait_for(lambda: not os.path.exists(f"/proc/{maven}"), "Maven ended")
        self.assertFalse((self.launch / "lock").exists())
        self.assertFalse((self.launch / "image").exists())
        self.assertEqual(self.run_launcher("list").returncode, 0)
        self.assertFalse((self.root / "cli/target/quick/half").exists())

    def test_image_in_use_outlives_rebuilds(self):
        running = self.start_launcher("list", FAKE_JAVA="sleep 30")
        self.wait_for(lambda: self.logged("java") == 1, "the program runs")
        used = (self.launch / "image").read_text().strip()
        for change in range(3):
            self.source.write_text(f"class Main {{ int change{change}; }}")
            self.run_launcher("list")
            self.assertTrue((self.launch / f"image-{used}/lib/a.jar").exists())
        running.kill()
        running.communicate()
        self.source.write_text("class Main { int last; }")
        self.run_launcher("list")
        self.assertFalse((self.launch / f"image-{used}").exists(), "nobody uses it any more")


class Starts(FakeHouse):
    def setUp(self):
        super().setUp()
        self.vector = f"@{self.root}/cli/src/main/launcher/vector.options"
        jdk(self.jvms / "jdk", "25.0.3")
        self.run_launcher("--version")

    def test_arguments_arrive_unchanged(self):
        words = ["run", "Why is the sky blue?", "", "a*", "-x", "'\"$(id)", "@file"]
        result = self.run_launcher(*words)
        self.assertEqual(result.stdout.splitlines()[-len(words):], words)

    def test_exit_code_is_passed_on(self):
        for code in (0, 1, 2, 77):
            with self.subTest(code=code):
                for verb in ("list", "run"):
                    result = self.run_launcher(verb, FAKE_JAVA=f"exit {code}")
                    self.assertEqual(result.returncode, code)

    def test_verbs_that_compute_get_the_vector_module(self):
        for words, wants in (
            (["run", "x"], True),
            (["serve"], True),
            (["--quiet", "bench"], True),
            (["newverb"], True),
            (["list"], False),
            (["--help"], False),
            (["run", "--help"], False),
            ([], False),
        ):
            with self.subTest(words=words):
                options = self.run_launcher(*words).stdout.splitlines()
                self.assertEqual(self.vector in options, wants)
                self.assertEqual("-Dnearside.stderr=3" in options, wants)

    def test_scalar_kernels_need_no_vector_module(self):
        options = self.run_launcher("run", NEARSIDE_KERNELS="scalar").stdout
        self.assertNotIn("vector", options)

    def test_incubator_warning_is_dropped_and_the_rest_passed_on(self):
        java = f"echo '{WARNING}' >&2; echo 'Error: something else' >&2; printf 'no newline' >&2"
        result = self.run_launcher("run", FAKE_JAVA=java)
        self.assertEqual(result.stderr, "Error: something else\nno newline\n")

    def test_what_a_killed_jvm_said_is_not_lost(self):
        java = f"echo '{WARNING}' >&2; echo '# last words' >&2; kill -KILL $$"
        result = self.run_launcher("run", FAKE_JAVA=java)
        self.assertEqual(result.stderr, "# last words\n")
        self.assertEqual(result.returncode, -signal.SIGKILL)

    def test_program_writes_past_the_filter(self):
        java = f"printf 'half a line' >&3; echo '{WARNING}' >&2; sleep 30"
        process = self.start_launcher("run", FAKE_JAVA=java)
        self.assertEqual(process.stderr.read(11), "half a line")
        process.kill()
        process.communicate()

    def test_signals_reach_the_program_itself(self):
        for name in ("TERM", "INT", "HUP"):
            with self.subTest(signal=name):
                java = f"trap 'echo got {name}; exit 9' {name}; echo ready; while :; do sleep 0.05; done"
                process = self.start_launcher("run", FAKE_JAVA=java)
                while "ready" not in process.stdout.readline():
                    pass
                process.send_signal(getattr(signal, "SIG" + name))
                self.assertIn(f"got {name}", process.communicate(timeout=20)[0])
                self.assertEqual(process.returncode, 9)

    def test_standard_input_is_the_programs(self):
        command = self.command("run", FAKE_JAVA="cat")
        command.pop("stdin")
        result = subprocess.run(input="from the pipe", timeout=20, check=False, **command)
        self.assertTrue(result.stdout.endswith("from the pipe"))

    def test_symlink_from_another_folder_works(self):
        os.symlink(self.root / "nearside", self.top / "absolute link")
        os.symlink("absolute link", self.top / "relative link")
        command = self.command("list")
        command["args"] = [str(self.top / "relative link"), "list"]
        result = subprocess.run(cwd="/", timeout=20, check=False, **command)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_no_second_build()

    def test_call_by_name_through_path_works(self):
        command = self.command("list", PATH=f"{self.root}:{self.bin}")
        command["args"] = ["nearside", "list"]
        result = subprocess.run(cwd="/", timeout=20, check=False, **command)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_no_second_build()

    def assert_no_second_build(self):
        self.assertEqual(self.logged("maven"), 1)

    def test_options_from_the_environment_are_not_announced(self):
        result = self.run_launcher(
            "list",
            JAVA_TOOL_OPTIONS="-Da=1 -Db=2",
            JDK_JAVA_OPTIONS="-Dc=3",
            NEARSIDE_JVM_OPTIONS="-Dd=4 /*",
            FAKE_JAVA='echo "left: $JAVA_TOOL_OPTIONS$JDK_JAVA_OPTIONS"',
        )
        lines = result.stdout.splitlines()
        self.assertEqual([x for x in lines if x[:3] in ("-Da", "-Db", "-Dc", "-Dd")],
                         ["-Da=1", "-Db=2", "-Dc=3", "-Dd=4"])
        self.assertIn("/*", lines)
        self.assertEqual(lines[-1], "left: ")

    def test_arguments_in_the_c_locale_are_utf8(self):
        result = self.run_launcher("list", LANG="C", FAKE_JAVA='echo "locale $LC_ALL"')
        self.assertIn("locale C.UTF-8", result.stdout)

    def test_terminals_are_named_to_the_program(self):
        main, end = pty.openpty()
        self.addCleanup(os.close, main)
        self.addCleanup(os.close, end)
        for verb in ("list", "run"):
            for streams, wants in (({}, ""), ({"stderr": end}, "2"), ({"stdin": end, "stderr": end}, "02")):
                with self.subTest(verb=verb, wants=wants):
                    result = subprocess.run(timeout=20, check=False, **{**self.command(verb), **streams})
                    self.assertIn(f"-Dnearside.terminals={wants}", result.stdout.splitlines())

    def test_crash_report_goes_to_the_home_folder(self):
        home = self.top / "my home"
        home.mkdir()
        result = self.run_launcher("list", NEARSIDE_HOME=str(home))
        self.assertIn(f"-XX:ErrorFile={home}/hs_err_pid%p.log", result.stdout.splitlines())

    def test_second_start_runs_little_but_java(self):
        self.assert_little_but_java("list")


class StartsWithMachineCode(FakeHouse):
    """Starts on a CPU that machine code serves on."""

    FLAGS = "fpu avx2 avx512f avx512dq avx512bw avx512vl avx512_vnni avx512_bf16"

    def setUp(self):
        super().setUp()
        self.vector = f"@{self.root}/cli/src/main/launcher/vector.options"
        self.cpu(self.FLAGS)
        jdk(self.jvms / "jdk", "25.0.3")
        self.run_launcher("--version")

    def profile(self, *words, **changes):
        result = self.run_launcher(*words, **changes)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        options = result.stdout.splitlines()
        [cache] = [word for word in options if word.startswith("-XX:AOTCache=")]
        name = cache.rpartition("/")[2].removesuffix(".aot")
        self.assertEqual(self.vector in options, name == "vector")
        self.assertEqual("-Dnearside.stderr=3" in options, name == "vector")
        return name

    def test_verbs_that_compute_get_no_vector_module(self):
        for words, wants in (
            (["run", "x"], "machine"),
            (["serve"], "machine"),
            (["newverb", "--kernels", "auto"], "machine"),
            (["bench", "--kernels", "machine"], "machine"),
            (["bench", "--kernels", "vector"], "vector"),
            (["bench", "--kernels=Vector"], "vector"),
            (["bench", "--kernels", "scalar"], "plain"),
            (["list"], "plain"),
            (["run", "--help"], "plain"),
            ([], "plain"),
        ):
            with self.subTest(words=words):
                self.assertEqual(self.profile(*words), wants)

    def test_kernels_of_the_environment_decide_unless_a_flag_does(self):
        for kernels, flag, wants in (
            ("", [], "machine"),
            ("Auto", [], "machine"),
            ("machine", [], "machine"),
            ("VECTOR", [], "vector"),
            ("nonsense", [], "vector"),
            ("vector", ["--kernels", "machine"], "machine"),
            ("machine", ["--kernels", "vector"], "vector"),
        ):
            with self.subTest(kernels=kernels, flag=flag):
                self.assertEqual(self.profile("run", *flag, NEARSIDE_KERNELS=kernels), wants)

    def test_hidden_features_are_not_there(self):
        for hidden, wants in (("avx2", "vector"), ("avx512", "machine"), ("amx", "machine")):
            with self.subTest(hidden=hidden):
                self.assertEqual(self.profile("run", NEARSIDE_CPU=hidden), wants)

    def test_cpu_that_lacks_a_feature_gets_the_vector_module(self):
        for feature in ("avx512bw", "avx512dq", "avx512vl", "avx512_vnni"):
            with self.subTest(feature=feature):
                self.cpu(self.FLAGS.replace(feature, ""))
                self.assertEqual(self.profile("run"), "vector")

    def test_unknown_cpu_gets_the_vector_module(self):
        self.cpuinfo.write_text("processor: 0\nFeatures: asimd\n")
        self.assertEqual(self.profile("run"), "vector")
        self.cpuinfo.unlink()
        self.assertEqual(self.profile("run"), "vector")

    def test_second_start_that_computes_runs_little_but_java(self):
        self.assert_little_but_java("run")


class RefusesMachineCode(FakeHouse):
    """A system that lets no program write code: the training of the machine profile fails."""

    def test_vector_module_serves_and_the_reason_is_kept(self):
        jdk(self.jvms / "jdk", "25.0.3")
        self.cpu(StartsWithMachineCode.FLAGS)
        refusing = '[[ $word != */machine.part ]] || { echo refused; exit 1; }'
        first = self.run_launcher("run", FAKE_TRAINING=refusing)
        self.assertIn("training.log", first.stderr)
        self.assertIn("refused", (self.launch / "training.log").read_text())
        for result in (first, self.run_launcher("run")):
            self.assertEqual(result.returncode, 0)
            self.assertIn("/vector.aot", result.stdout)
        self.assertEqual(self.logged("training"), 2)

    def test_training_sees_the_whole_cpu(self):
        jdk(self.jvms / "jdk", "25.0.3")
        self.cpu(StartsWithMachineCode.FLAGS)
        seeing = 'echo "sees:$NEARSIDE_CPU$NEARSIDE_KERNELS" >>"$FAKE_LOG"'
        self.run_launcher("list", FAKE_TRAINING=seeing, NEARSIDE_CPU="avx2", NEARSIDE_KERNELS="scalar")
        self.assertEqual(self.logged("sees:"), 3, "each of three profiles is trained")


if __name__ == "__main__":
    unittest.main()
