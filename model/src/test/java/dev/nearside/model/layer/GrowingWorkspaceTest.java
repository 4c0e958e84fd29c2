package dev.nearside.model.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.tensor.kernel.KernelProviders;
import dev.nearside.tensor.kernel.Kernels;
import org.junit.jupiter.api.Test;

class GrowingWorkspaceTest {
  private static final int HIDDEN = 32;
  private static final Workspace.Shape SHAPE = new Workspace.Shape(HIDDEN, 64, 16, 96, 0);

  @Test
  void room_growsWithTheLargestStep() {
    try (Kernels kernels = KernelProviders.choose("scalar", 1).kernels();
        GrowingWorkspace memory = new GrowingWorkspace(kernels, 500, SHAPE)) {
      Workspace small = memory.of(1);
      assertEquals(64, tokens(small));
      assertSame(small, memory.of(64));
      Workspace twice = memory.of(65);
      assertEquals(128, tokens(twice));
      assertSame(twice, memory.of(2), "what is there stays");
      assertEquals(400, tokens(memory.of(400)));
      assertEquals(500, tokens(memory.of(401)), "never more than the largest step");
      assertThrows(IllegalStateException.class, () -> small.hidden().get(0), "the old one is gone");
    }
  }

  @Test
  void stepsThatAreAllSmall_getNoMoreThanTheyNeed() {
    try (Kernels kernels = KernelProviders.choose("scalar", 1).kernels();
        GrowingWorkspace memory = new GrowingWorkspace(kernels, 8, SHAPE)) {
      assertEquals(8, tokens(memory.of(8)));
    }
  }

  private static long tokens(Workspace workspace) {
    return workspace.hidden().size() / HIDDEN;
  }
}
