// The steps in their order: the models' first, because the others need a model.
import { modelsAreManaged, modelIsPulled } from './models.mjs';
import { branchesAreKept, chatStreams, chatsAreKept, chatsAreShared, leavingKeepsAll, replyIsStopped, parametersAreSent } from './chat.mjs';
import { schemaIsHonoured, toolIsCalled } from './playgrounds.mjs';
import { axeFindsNothing, keyboardIsEnough, languagesSwitch, phoneFits, themesSwitch } from './looks.mjs';
import { keyIsAskedFor, serverComesBack } from './faults.mjs';
import { picturesAreTaken } from './pictures.mjs';

export const steps = {
  pull: modelIsPulled,
  chat: chatStreams,
  stop: replyIsStopped,
  branches: branchesAreKept,
  kept: chatsAreKept,
  tabs: chatsAreShared,
  leave: leavingKeepsAll,
  parameters: parametersAreSent,
  schema: schemaIsHonoured,
  tools: toolIsCalled,
  models: modelsAreManaged,
  languages: languagesSwitch,
  themes: themesSwitch,
  keyboard: keyboardIsEnough,
  phone: phoneFits,
  key: keyIsAskedFor,
  reconnect: serverComesBack,
  axe: axeFindsNothing,
  pictures: picturesAreTaken,
};
