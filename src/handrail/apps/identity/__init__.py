"""Who people are elsewhere: what directories say of them, and providers they sign in with."""
