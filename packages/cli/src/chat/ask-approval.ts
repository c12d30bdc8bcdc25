import type { AskUser } from '../approvals.ts';
import { isCut, renderApproval, renderApprovalDetails } from '../render/approval.ts';
import type { LineEditor } from './line-editor.ts';
import type { Screen } from './screen.ts';

/** Puts a call before the user, and once more behind its details: `d` is never taken for a no. */
export function approveAt(editor: LineEditor, screen: Screen): AskUser {
  return async (tool, argumentsJson, signal) => {
    for (;;) {
      const answer = await editor.ask(renderApproval(tool, argumentsJson, screen.style), signal);
      if (!['d', 'details'].includes(answer.trim().toLowerCase())) return answer;
      screen.line(isCut(argumentsJson) ? renderApprovalDetails(argumentsJson) : '   That is all there is:');
    }
  };
}
