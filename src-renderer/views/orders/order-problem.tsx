/** Why the order does not go on by itself now. */
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { useErrorText } from '../../ui/error-text.ts';

export function OrderProblem({ problem }: { readonly problem: NonNullable<OrderView['problem']> }) {
  const { message, help } = useErrorText()(problem);
  return <div className="order__problem" role="alert"><p className="t-h">{message}</p>{help !== null && <p className="c-2">{help}</p>}</div>;
}
